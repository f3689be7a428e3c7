// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
#include <thread>

#include "streamer/backlog/Backlog.h"
#include "tests/streamer/support/BacklogFeed.h"
#include "tests/streamer/support/DeviceFixture.h"

namespace millpond::streamer {
namespace {

using test::holdsItsRange;

class BacklogTest : public test::DeviceFixture {
 protected:
  // Two chunks and four audio blocks, of which the first is gathered in part, hold thirteen blocks.
  static constexpr std::uint64_t room = 13 * audio_block_samples;

  void make(Backlog::WhenFull when_full = Backlog::WhenFull::drop_oldest) {
    make(when_full, Backlog::limitsOf(memory()));
  }
  void make(Backlog::WhenFull when_full, const Backlog::Limits& limits) {
    backlog_.emplace(memory(), limits, when_full);
    ASSERT_TRUE(backlog_->ready());
  }
  void TearDown() override {
    backlog_->abandon();
    const SampleAccount account = backlog_->account();
    EXPECT_EQ(account.captured, account.delivered + account.dropped + account.unconfirmed);
    backlog_.reset();
    DeviceFixture::TearDown();
  }
  void capture(std::size_t samples) { test::capture(*backlog_, next_, samples); }
  SampleRange send() {
    const Chunk* chunk = backlog_->beginSend();
    if (chunk == nullptr) return {};
    EXPECT_TRUE(holdsItsRange(*chunk));
    const SampleRange range = chunk->range();
    backlog_->finishSend();
    return range;
  }

  std::optional<Backlog> backlog_;
  std::uint64_t next_ = 0;
};

TEST_F(BacklogTest, GathersAudioIntoChunksAsLargeAsTheWireHasThem) {
  make();
  capture(room);
  EXPECT_EQ(send(), (SampleRange{0, chunk_samples}));
  EXPECT_EQ(send(), (SampleRange{chunk_samples, chunk_samples}));
  EXPECT_EQ(backlog_->beginSend(), nullptr);  // the rest waits for more
}

template <MemoryConfig config>
bool isReady() {
  static StaticMemoryManager<config> memory;
  return Backlog(memory, Backlog::limitsOf(memory), Backlog::WhenFull::drop_oldest).ready();
}

TEST(BacklogReadyTest, TellsBlocksThatAreTooSmall) {
  EXPECT_TRUE(isReady<MemoryConfig{}>());
  EXPECT_FALSE(isReady<MemoryConfig{.audio_block_size = audio_block_bytes / 2}>());
  EXPECT_FALSE(isReady<MemoryConfig{.network_block_size = 16}>());
}

TEST_F(BacklogTest, DropsTheNextSoundWhileItsOnlyBlockIsInFlight) {
  make(Backlog::WhenFull::drop_oldest, {.audio_blocks = 1, .chunks = 2});
  backlog_->setDirect(true);
  capture(audio_block_samples);
  ASSERT_NE(backlog_->beginSend(), nullptr);
  capture(audio_block_samples);
  EXPECT_EQ(backlog_->account().dropped, audio_block_samples);
  backlog_->finishSend();
  EXPECT_EQ(backlog_->account().delivered, audio_block_samples);
}

TEST_F(BacklogTest, HoldsNoAudioBlockWhileAChunkHasRoom) {
  make();
  capture(audio_block_samples);
  EXPECT_EQ(memory().stats().audio.in_use, 0U);
  EXPECT_EQ(memory().stats().network.in_use, 1U);
}

TEST_F(BacklogTest, EndsTheStreamWithTheRest) {
  make();
  capture(chunk_samples + 10);
  backlog_->closeInput();
  EXPECT_EQ(send(), (SampleRange{0, chunk_samples}));
  const Chunk* last = backlog_->beginSend();
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(last->range(), (SampleRange{chunk_samples, 10}));
  EXPECT_TRUE(last->end_of_stream);
  EXPECT_FALSE(backlog_->drained());
  backlog_->finishSend();
  EXPECT_TRUE(backlog_->drained());
  EXPECT_FALSE(backlog_->waitForChunk());
}

TEST_F(BacklogTest, EndsWithAnEmptyChunkWhereNothingIsLeft) {
  make();
  capture(chunk_samples);
  backlog_->closeInput();
  EXPECT_EQ(send(), (SampleRange{0, chunk_samples}));
  const Chunk* last = backlog_->beginSend();
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(last->range(), (SampleRange{chunk_samples, 0}));
  EXPECT_TRUE(last->end_of_stream);
}

TEST_F(BacklogTest, NumbersChunksWithoutAHoleWhereNothingIsDropped) {
  make();
  for (std::uint32_t sequence = 0; sequence < 5; ++sequence) {
    capture(chunk_samples);
    const Chunk* chunk = backlog_->beginSend();
    ASSERT_NE(chunk, nullptr);
    EXPECT_EQ(chunk->sequence, sequence);
    backlog_->finishSend();
  }
}

TEST_F(BacklogTest, DropsTheOldestChunkWhenFullAndCountsItExactly) {
  make();
  capture(room);
  EXPECT_EQ(backlog_->account().dropped, 0U);
  capture(1);
  EXPECT_EQ(backlog_->account().dropped, chunk_samples);
  EXPECT_EQ(send().first, chunk_samples);
}

TEST_F(BacklogTest, NeverDropsAChunkInFlight) {
  make();
  capture(2 * chunk_samples);
  const Chunk* chunk = backlog_->beginSend();
  ASSERT_NE(chunk, nullptr);
  capture(10 * room);
  EXPECT_EQ(chunk->range(), (SampleRange{0, chunk_samples}));
  EXPECT_TRUE(holdsItsRange(*chunk));
  backlog_->finishSend();
  EXPECT_EQ(backlog_->account().delivered, chunk_samples);
}

TEST_F(BacklogTest, RecordsOneOutageAsOneRangeOfDroppedSamples) {
  make();
  capture(chunk_samples);
  ASSERT_NE(backlog_->beginSend(), nullptr);
  capture(5 * room);
  const SampleAccount account = backlog_->account();
  std::array<SampleRange, SampleAccount::kept_ranges> ranges;
  ASSERT_EQ(account.latestDrops(ranges), 1U);
  EXPECT_EQ(ranges[0], (SampleRange{chunk_samples, account.dropped}));
  backlog_->finishSend();
  capture(chunk_samples);
  EXPECT_EQ(send().first, ranges[0].end());
}

TEST_F(BacklogTest, DropsAudioBlocksWhereTheOnlyChunkIsInFlight) {
  make(Backlog::WhenFull::drop_oldest, {.audio_blocks = 2, .chunks = 1});
  capture(chunk_samples);
  ASSERT_NE(backlog_->beginSend(), nullptr);
  capture(3 * audio_block_samples);
  EXPECT_EQ(backlog_->account().dropped, audio_block_samples);
  backlog_->finishSend();
  capture(chunk_samples - 2 * audio_block_samples);
  EXPECT_EQ(send(), (SampleRange{chunk_samples + audio_block_samples, chunk_samples}));
}

TEST_F(BacklogTest, NeverPutsSamplesThatAreNotNeighboursIntoOneChunk) {
  make(Backlog::WhenFull::drop_oldest, {.audio_blocks = 4, .chunks = 2});
  capture(audio_block_samples);
  backlog_->discard(100);
  next_ += 100;
  capture(chunk_samples);
  EXPECT_EQ(send(), (SampleRange{0, audio_block_samples}));
  EXPECT_EQ(send(), (SampleRange{audio_block_samples + 100, chunk_samples}));
}

TEST_F(BacklogTest, TellsOfAGapAtTheVeryEnd) {
  make();
  capture(100);
  backlog_->discard(50);
  backlog_->closeInput();
  EXPECT_EQ(send(), (SampleRange{0, 100}));
  const Chunk* last = backlog_->beginSend();
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(last->range(), (SampleRange{150, 0}));
}

TEST_F(BacklogTest, DropsOnDemandUntilNothingIsLeft) {
  make();
  capture(room);
  std::size_t dropped = 0;
  for (std::size_t step = 1; step > 0; dropped += step) step = backlog_->dropOldest();
  EXPECT_EQ(dropped, room);
  EXPECT_EQ(memory().stats().audio.in_use + memory().stats().network.in_use, 0U);
}

TEST_F(BacklogTest, WaitsForRoomInsteadWhereItIsToldTo) {
  make(Backlog::WhenFull::wait);
  std::thread capturing([this] { capture(3 * room); });
  std::uint64_t expected = 0;
  while (expected < 3 * room - chunk_samples) {
    ASSERT_TRUE(backlog_->waitForChunk());
    const SampleRange range = send();
    EXPECT_EQ(range.first, expected);
    expected = range.end();
  }
  capturing.join();
  EXPECT_EQ(backlog_->account().dropped, 0U);
}

TEST_F(BacklogTest, StopEndsEveryWait) {
  make(Backlog::WhenFull::wait);
  std::thread capturing([this] { capture(2 * room); });
  std::thread sending([this] {
    while (backlog_->waitForChunk()) std::this_thread::yield();
  });
  backlog_->stop();
  capturing.join();
  sending.join();
}

TEST_F(BacklogTest, CountsWhatWasInFlightAsUnconfirmedWhenAbandoned) {
  make();
  capture(2 * chunk_samples + 5);
  ASSERT_NE(backlog_->beginSend(), nullptr);
  backlog_->abandon();
  EXPECT_EQ(backlog_->account().unconfirmed, chunk_samples);
  EXPECT_EQ(backlog_->account().dropped, chunk_samples + 5);
}

TEST(Backlog, GoesOnOnceAPoolThatSomebodyElseEmptiedHasABlockAgain) {
  const auto memory = std::make_unique<StaticMemoryManager<MemoryConfig{.max_heap_allocation = 0}>>();
  void* const first = memory->allocateNetworkBuffer(1, "somebody else");
  void* const second = memory->allocateNetworkBuffer(1, "somebody else");
  Backlog backlog(*memory, Backlog::limitsOf(*memory), Backlog::WhenFull::wait);
  std::uint64_t next = 0;
  test::capture(backlog, next, 10);
  backlog.closeInput();
  std::thread other([&] {
    memory->deallocate(first);
    memory->deallocate(second);
  });
  EXPECT_TRUE(backlog.waitForChunk());
  EXPECT_EQ(backlog.beginSend()->range(), (SampleRange{0, 10}));
  backlog.finishSend();
  other.join();
}

TEST(Backlog, IsNotReadyWhereTheGeneralPoolHasNoPlace) {
  const auto memory = std::make_unique<StaticMemoryManager<MemoryConfig{.max_heap_allocation = 0}>>();
  void* const all = memory->allocateGeneralBuffer(4096, "somebody else");
  const Backlog backlog(*memory, Backlog::limitsOf(*memory), Backlog::WhenFull::wait);
  EXPECT_FALSE(backlog.ready());
  memory->deallocate(all);
}

}  // namespace
}  // namespace millpond::streamer
