// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <type_traits>
#include <utility>

#include "millpond/Buffer.h"
#include "support/ManagerFixture.h"

namespace millpond {
namespace {

using BufferTest = test::DefaultManager;

TEST_F(BufferTest, GivesItsBlockBackOnScopeExit) {
  {
    const Buffer buffer = memory.audioBuffer(1000, "capture");
    EXPECT_TRUE(buffer);
    EXPECT_EQ(buffer.size(), 1000U);
    EXPECT_EQ(buffer.bytes().size(), 1000U);
    EXPECT_EQ(buffer.data(), buffer.bytes().data());
    EXPECT_EQ(memory.stats().audio.in_use, 1U);
  }
  EXPECT_EQ(memory.stats().audio.in_use, 0U);
}

TEST_F(BufferTest, EachSiblingTakesFromItsOwnPool) {
  const Buffer audio = memory.audioBuffer(1, "a");
  const Buffer network = memory.networkBuffer(1, "n");
  const Buffer general = memory.generalBuffer(1, "g");
  const Buffer fallen = memory.audioBuffer(5000, "h");
  const MemoryStats stats = memory.stats();
  EXPECT_EQ(stats.audio.allocations, 1U);
  EXPECT_EQ(stats.network.allocations, 1U);
  EXPECT_EQ(stats.general.allocations, 1U);
  EXPECT_EQ(stats.heap.allocations, 1U);
}

TEST_F(BufferTest, IsEmptyWhereThereWasNoMemory) {
  Buffer none = memory.audioBuffer(0, "a");
  EXPECT_FALSE(none);
  EXPECT_TRUE(none.bytes().empty());
  EXPECT_EQ(none.data(), nullptr);
  none.reset();
  EXPECT_FALSE(memory.networkBuffer(1'000'000, "n"));
  EXPECT_FALSE(Buffer());
}

TEST_F(BufferTest, MovesItsBlockAndLeavesNothingBehind) {
  Buffer from = memory.audioBuffer(10, "a");
  std::byte* const block = from.data();
  Buffer to = std::move(from);
  EXPECT_FALSE(from);  // NOLINT(bugprone-use-after-move): that it is empty is what is tested
  EXPECT_EQ(from.data(), nullptr);
  EXPECT_EQ(to.data(), block);
  from.reset();
  EXPECT_EQ(memory.stats().audio.in_use, 1U);
}

TEST_F(BufferTest, GivesBackWhatItHadWhenItIsAssignedAnother) {
  Buffer first = memory.audioBuffer(10, "a");
  Buffer second = memory.networkBuffer(20, "n");
  std::byte* const block = second.data();
  first = std::move(second);
  EXPECT_EQ(first.data(), block);
  EXPECT_EQ(first.size(), 20U);
  EXPECT_EQ(memory.stats().audio.in_use, 0U);
  EXPECT_EQ(memory.stats().network.in_use, 1U);
  first = {};
  EXPECT_EQ(memory.stats().network.in_use, 0U);
}

TEST_F(BufferTest, SurvivesBeingMovedIntoItself) {
  Buffer buffer = memory.audioBuffer(10, "a");
  Buffer& same = buffer;
  buffer = std::move(same);
  EXPECT_TRUE(buffer);
  EXPECT_EQ(memory.stats().audio.in_use, 1U);
}

TEST_F(BufferTest, ResetGivesBackAtOnceAndOnlyOnce) {
  Buffer buffer = memory.generalBuffer(10, "a");
  buffer.reset();
  EXPECT_FALSE(buffer);
  buffer.reset();
  EXPECT_EQ(memory.stats().general.frees, 1U);
  EXPECT_EQ(memory.stats().general.rejected, 0U);
}

TEST_F(BufferTest, ReleaseHandsTheBlockToTheCaller) {
  Buffer buffer = memory.audioBuffer(10, "a");
  void* block = buffer.release();
  EXPECT_FALSE(buffer);
  EXPECT_EQ(memory.stats().audio.in_use, 1U);
  memory.deallocate(block);
  EXPECT_EQ(buffer.release(), nullptr);
}

TEST_F(BufferTest, ItsFreeIsRefusedWhereTheBlockWasFreedBehindItsBack) {
  Buffer stale = memory.audioBuffer(10, "a");
  memory.deallocate(stale.data());
  stale.reset();
  EXPECT_EQ(memory.stats().audio.rejected, 1U);
  EXPECT_EQ(memory.stats().audio.frees, 1U);
}

TEST_F(BufferTest, ItsFreeIsRefusedWhereTheBlockBelongsToSomebodyElseByNow) {
  Buffer stale_audio = memory.audioBuffer(10, "a");
  Buffer stale_general = memory.generalBuffer(700, "g");
  memory.deallocate(stale_audio.data());
  memory.deallocate(stale_general.data());
  void* audio = memory.allocateAudioBuffer(10, "new owner");
  void* general = memory.allocateGeneralBuffer(10, "new owner");
  ASSERT_EQ(audio, stale_audio.data());
  ASSERT_EQ(general, stale_general.data());
  stale_audio.reset();
  stale_general.reset();
  EXPECT_EQ(memory.stats().audio.in_use, 1U);
  EXPECT_EQ(memory.stats().general.in_use, 1U);
  EXPECT_EQ(memory.stats().audio.rejected, 1U);
  EXPECT_EQ(memory.stats().general.rejected, 1U);
  memory.deallocate(audio);
  memory.deallocate(general);
}

// Sixteen handles, which is as many as the fallback has records: none may be lost.
TEST_F(BufferTest, OfTheHeapDroppedInAnInterruptGoesBackByTheNextTask) {
  for (int round = 0; round < 40; ++round) {
    Buffer fallen = memory.audioBuffer(4097, "h");
    ASSERT_TRUE(fallen);
    const Port::InterruptScope in_interrupt;
    fallen.reset();
    EXPECT_FALSE(fallen);
  }
  EXPECT_EQ(memory.stats().heap.rejected, 0U);
  EXPECT_EQ(memory.stats().heap.in_use, 4097U);
  EXPECT_TRUE(test::liveBlocks(memory).empty());
  EXPECT_EQ(memory.releaseFreed(), 4097U);
}

TEST_F(BufferTest, CannotBeCopied) {
  static_assert(!std::is_copy_constructible_v<Buffer> && !std::is_copy_assignable_v<Buffer>);
  static_assert(std::is_nothrow_move_constructible_v<Buffer> && std::is_nothrow_move_assignable_v<Buffer>);
}

}  // namespace
}  // namespace millpond
