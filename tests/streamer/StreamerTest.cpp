// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>
#include <netdb.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <thread>

#include "cli/device/LookUp.h"
#include "cli/receiver/ReceiverThread.h"
#include "cli/receiver/RecordingFile.h"
#include "millpond/StaticBuffer.h"
#include "streamer/Streamer.h"
#include "streamer/uplink/TcpLink.h"
#include "streamer/wire/Ack.h"
#include "tests/cli/support/Audio.h"
#include "tests/streamer/support/BreakingSend.h"
#include "tests/streamer/support/DeviceFixture.h"
#include "tests/streamer/support/FramesSource.h"
#include "tests/streamer/support/Server.h"
#include "tests/support/Eventually.h"
#include "tests/support/TempFolder.h"

namespace millpond::streamer {
namespace {

std::atomic<int> streaming_threads{0};
std::atomic<int> streaming_begun{0};

/// A little sound now and then, without end.
class SlowSource : public AudioSource {
 public:
  std::size_t read(std::span<std::int32_t> frames) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return stopped_ ? 0 : std::min<std::size_t>(frames.size(), 16);
  }
  void stop() override { stopped_ = true; }

 private:
  std::atomic<bool> stopped_ = false;
};

/// Returns: an address where nobody listens.
cli::HostPort nobody() { return test::Server().address(); }

class StreamerTest : public test::DeviceFixture {
 protected:
  static constexpr std::size_t frames = 60000;

  /// Effect: the receiver is at `address`.
  Streamer::Config config(const cli::HostPort& address) {
    receiver_ = [address] { return address.resolve(); };
    Streamer::Config config;
    config.uplink.stream_id = 1;
    config.uplink.backoff = {.initial_ms = 1, .max_ms = 5};
    config.when_full = Backlog::WhenFull::wait;
    return config;
  }
  void make(const Streamer::Config& config) {
    streamer_.reset();
    pressure_.reset();
    bus_.reset();
    bus_.emplace(memory(), EventBus::Options{.capacity = EventBus::max_capacity});
    pressure_.emplace(memory(), &*bus_);
    look_up_.emplace(receiver_, stop_);
    const Streamer::Parts parts{
        memory(), *bus_, *pressure_, *source_, read_buffer_.span(), look_up_->resolver(), link_, stop_};
    streamer_.emplace(parts, config);
  }
  void start(const Streamer::Config& config) {
    make(config);
    ASSERT_TRUE(streamer_->start());
  }
  void TearDown() override {
    streamer_->stop();
    streamer_->join();
    const SampleAccount account = streamer_->account();
    EXPECT_EQ(account.captured, account.delivered + account.dropped + account.unconfirmed);
    streamer_.reset();
    pressure_.reset();
    bus_.reset();
    DeviceFixture::TearDown();
  }

  test::TempFolder folder_;
  std::vector<std::int16_t> samples_ = test::noise(frames);
  std::unique_ptr<AudioSource> source_ = std::make_unique<test::FramesSource>(samples_);
  StaticBuffer<std::int32_t, frames_per_read> read_buffer_{memory(), "i2s"};
  cli::LookUp::Function receiver_;
  StopFlag stop_;
  TcpLink link_{stop_};
  std::optional<cli::LookUp> look_up_;
  std::optional<EventBus> bus_;
  std::optional<Pressure> pressure_;
  std::optional<Streamer> streamer_;
};

// Effect: reads one chunk. Returns: its header; a stream id of 0 where the device closed.
ChunkHeader readChunk(const test::Server& server) {
  std::array<std::byte, ChunkHeader::max_frame> frame{};
  ChunkHeader header;
  if (!server.read(std::span(frame).first(ChunkHeader::size))) return header;
  ChunkHeader::decode(std::span(frame).first<ChunkHeader::size>(), header);
  server.read(std::span(frame).subspan(ChunkHeader::size, header.payload_bytes));
  return header;
}

Ack answerTo(const ChunkHeader& header) {
  return {header.stream_id, header.sequence, header.first_sample + header.samples()};
}

TEST_F(StreamerTest, DeliversTheSameSamples) {
  cli::ReceiverOptions options;
  options.folder = folder_.path();
  cli::ReceiverThread receiver(options, [](const std::string&) {});
  start(config(receiver.address()));
  streamer_->join();
  EXPECT_TRUE(streamer_->delivered());
  EXPECT_EQ(streamer_->account().delivered, frames);
  EXPECT_EQ(test::readOnlyWav(folder_.path()), samples_);
}

TEST_F(StreamerTest, TellsWhichThreadsStreamAndWhen) {
  cli::ReceiverOptions options;
  options.folder = folder_.path();
  cli::ReceiverThread receiver(options, [](const std::string&) {});
  Streamer::Config told = config(receiver.address());
  told.on_streaming = [](bool begins) {
    streaming_threads += begins ? 1 : -1;
    streaming_begun += begins ? 1 : 0;
  };
  start(told);
  streamer_->join();
  EXPECT_EQ(streaming_begun, 2);
  EXPECT_EQ(streaming_threads, 0);
}

TEST_F(StreamerTest, StreamsOnTheStacksThatItIsGiven) {
  alignas(64) static std::array<std::byte, 1U << 21U> capture_stack;
  alignas(64) static std::array<std::byte, 1U << 21U> network_stack;
  cli::ReceiverOptions options;
  options.folder = folder_.path();
  cli::ReceiverThread receiver(options, [](const std::string&) {});
  Streamer::Config given = config(receiver.address());
  given.capture.stack = capture_stack;
  given.network.stack = network_stack;
  start(given);
  streamer_->join();
  EXPECT_TRUE(streamer_->delivered());
}

TEST_F(StreamerTest, DoesNotStartWhereTheSystemRefusesATask) {
  alignas(64) static std::array<std::byte, 64> too_small;
  for (const bool capture : {true, false}) {
    SCOPED_TRACE(capture ? "capture" : "network");
    Streamer::Config refused = config(nobody());
    (capture ? refused.capture : refused.network).stack = too_small;
    make(refused);
    EXPECT_FALSE(streamer_->start());
    EXPECT_TRUE(streamer_->done());
  }
}

TEST_F(StreamerTest, SendsAChunkAgainThatWasNotAcknowledged) {
  test::Server server;
  start(config(server.address()));
  server.accept();
  const ChunkHeader first = readChunk(server);
  server.accept();  // hangs up on the one before
  const ChunkHeader again = readChunk(server);
  EXPECT_EQ(again, first);
  ChunkHeader header = again;
  std::uint64_t next = 0;
  while (header.stream_id != 0) {
    EXPECT_EQ(header.first_sample, next);
    next += header.samples();
    server.write(answerTo(header).encode());
    if (header.end_of_stream) break;
    header = readChunk(server);
  }
  server.hangUp();
  streamer_->join();
  EXPECT_EQ(next, frames);
  EXPECT_EQ(streamer_->uplink().resent, 1U);
  EXPECT_EQ(streamer_->uplink().connections, 2U);
}

TEST_F(StreamerTest, TakesAWrongAnswerForNone) {
  test::Server server;
  start(config(server.address()));
  server.accept();
  Ack wrong = answerTo(readChunk(server));
  wrong.sequence += 1;
  server.write(wrong.encode());
  server.accept();
  Ack::Bytes garbage = answerTo(readChunk(server)).encode();
  garbage[20] ^= std::byte{1};
  server.write(garbage);
  server.accept();
  EXPECT_EQ(readChunk(server).first_sample, 0U);
  EXPECT_EQ(streamer_->uplink().bad_replies, 2U);
  EXPECT_EQ(streamer_->account().delivered, 0U);
  streamer_->stop();
  server.hangUp();
  streamer_->join();
  EXPECT_EQ(streamer_->account().unconfirmed, chunk_samples);
}

TEST_F(StreamerTest, GivesUpOnceTheInputHasEndedAndNobodyIsThere) {
  Streamer::Config given = config(nobody());
  given.when_full = Backlog::WhenFull::drop_oldest;
  given.uplink.linger = std::chrono::milliseconds(20);
  start(given);
  streamer_->join();
  EXPECT_FALSE(streamer_->delivered());
  EXPECT_EQ(streamer_->account().captured, frames);
  EXPECT_EQ(streamer_->account().dropped, frames);  // nothing was ever sent
  EXPECT_GT(streamer_->uplink().failed_connects, 0U);
}

TEST_F(StreamerTest, GivesUpAPeerThatNeverAnswersWhileTheInputWaitsForIt) {
  test::Server server;
  Streamer::Config given = config(server.address());
  given.uplink.reply_timeout = std::chrono::milliseconds(5);
  given.uplink.linger = std::chrono::milliseconds(20);
  start(given);
  EXPECT_TRUE(test::eventually([&] { return streamer_->done(); }));
  EXPECT_FALSE(streamer_->delivered());
}

TEST_F(StreamerTest, GoesOnHoweverLongNobodyIsThereWhileSoundComesIn) {
  Streamer::Config given = config(nobody());
  given.when_full = Backlog::WhenFull::drop_oldest;
  given.uplink.linger = std::chrono::milliseconds(1);
  source_ = std::make_unique<SlowSource>();
  start(given);
  EXPECT_TRUE(test::eventually([&] { return streamer_->uplink().failed_connects > 20; }));
  EXPECT_FALSE(streamer_->done());
}

TEST_F(StreamerTest, FindsAReceiverThatMoves) {
  test::Server first;
  test::Server second;
  std::atomic<bool> moved = false;
  Streamer::Config moving = config(first.address());
  receiver_ = [&] { return (moved ? second : first).address().resolve(); };
  start(moving);
  first.accept();
  const ChunkHeader header = readChunk(first);
  moved = true;
  first.hangUp();
  second.accept();
  EXPECT_EQ(readChunk(second), header);
  streamer_->stop();
  streamer_->join();
}

TEST_F(StreamerTest, TriesUntilTheReceiversNameHasAnAddress) {
  test::Server server;
  std::atomic<int> look_ups = 0;
  Streamer::Config unknown = config(server.address());
  receiver_ = [&look_ups, address = server.address()] {
    return ++look_ups > 2 ? address.resolve() : Endpoints::none(EAI_NONAME);
  };
  start(unknown);
  server.accept();
  EXPECT_EQ(readChunk(server).first_sample, 0U);
  EXPECT_EQ(streamer_->uplink().failed_connects, 2U);
  streamer_->stop();
  streamer_->join();
}

TEST_F(StreamerTest, StopsSoonWhenItIsToldTo) {
  test::Server server;
  start(config(server.address()));
  server.accept();
  readChunk(server);
  streamer_->stop();
  streamer_->join();
  EXPECT_TRUE(streamer_->done());
  EXPECT_FALSE(streamer_->delivered());
}

TEST_F(StreamerTest, ResetsItsBackoffAndGoesOnHoweverOftenTheConnectionBreaks) {
  test::Server server;
  start(config(server.address()));
  std::uint64_t next = 0;
  while (next < frames) {  // one chunk a connection
    server.accept();
    const ChunkHeader header = readChunk(server);
    ASSERT_EQ(header.first_sample, next);
    next += header.samples();
    server.write(answerTo(header).encode());
  }
  server.hangUp();
  streamer_->join();
  EXPECT_TRUE(streamer_->delivered());
  EXPECT_EQ(streamer_->account().delivered, frames);
}

TEST_F(StreamerTest, TriesEachAddressThatItsReceiverMayHave) {
  test::Server server;
  Streamer::Config several = config(server.address());
  receiver_ = [nobody = nobody(), address = server.address()] {
    Endpoints endpoints;
    for (int i = 0; i < 8; ++i) endpoints.add(nobody.resolve().list()[0]);
    endpoints.add(address.resolve().list()[0]);
    return endpoints;
  };
  several.uplink.backoff = {.initial_ms = 3600000, .max_ms = 3600000};
  start(several);
  server.accept();
  EXPECT_EQ(readChunk(server).first_sample, 0U);
}

TEST_F(StreamerTest, SendsNothingButSamplesOnTheRawWire) {
  test::Server server;
  Streamer::Config raw = config(server.address());
  raw.uplink.wire = Wire::raw;
  start(raw);
  server.accept();
  const auto bytes = server.readToEnd();
  server.hangUp();
  streamer_->join();
  const auto expected = std::as_bytes(std::span(samples_));
  EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), expected.begin(), expected.end()));
  EXPECT_TRUE(streamer_->delivered());
}

TEST_F(StreamerTest, GoesOnWithAWholeSampleOnTheRawWire) {
  test::Server server;
  Streamer::Config raw = config(server.address());
  raw.uplink.wire = Wire::raw;
  test::breakAfter(10001);
  start(raw);
  server.accept();
  const auto before = server.readToEnd();
  server.accept();
  const auto after = server.readToEnd();
  server.hangUp();
  streamer_->join();
  const auto expected = std::as_bytes(std::span(samples_));
  EXPECT_EQ(before.size(), 10001U);
  EXPECT_TRUE(std::equal(after.begin(), after.end(), expected.begin() + 10000, expected.end()));
  EXPECT_TRUE(streamer_->delivered());
}

}  // namespace
}  // namespace millpond::streamer
