// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// The streamer on FreeRTOS's double: the port's tasks, mutexes and events, and the host's sockets.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "DoublePort.h"
#include "cli/device/HeapMeter.h"
#include "millpond.h"
#include "streamer/Streamer.h"
#include "streamer/uplink/TcpLink.h"
#include "streamer/wire/Ack.h"
#include "tests/streamer/support/FramesSource.h"
#include "tests/streamer/support/Server.h"

namespace millpond::streamer {
namespace {

constexpr std::size_t length = 60000;

/// A receiver that acknowledges each chunk, and hangs up whenever `patience` chunks have come.
class Receiver {
 public:
  explicit Receiver(std::size_t patience) : patience_(patience), thread_([this] { run(); }) {}
  ~Receiver() { join(); }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  Endpoints where() const {
    return Endpoints::resolve(server_.address().host.c_str(), std::to_string(server_.address().port).c_str());
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  const std::vector<std::int16_t>& samples() const { return samples_; }

 private:
  void run() {
    for (bool ended = false; !ended;) {
      server_.accept();
      for (std::size_t chunks = 0; chunks < patience_ && !ended; ++chunks) ended = takeChunk();
    }
    server_.hangUp();
  }

  // Returns: whether it ends the stream.
  bool takeChunk() {
    std::array<std::byte, ChunkHeader::max_frame> frame{};
    ChunkHeader header;
    EXPECT_TRUE(server_.read(std::span(frame).first(ChunkHeader::size)));
    EXPECT_EQ(ChunkHeader::decode(std::span(frame).first<ChunkHeader::size>(), header), WireError::none);
    EXPECT_TRUE(header.payload_bytes == 0 ||
                server_.read(std::span(frame).subspan(ChunkHeader::size, header.payload_bytes)));
    EXPECT_EQ(header.first_sample, samples_.size());
    const auto* sound = reinterpret_cast<const std::int16_t*>(frame.data() + ChunkHeader::size);
    samples_.insert(samples_.end(), sound, sound + header.samples());
    server_.write(Ack{header.stream_id, header.sequence, header.first_sample + header.samples()}.encode());
    return header.end_of_stream;
  }

  const std::size_t patience_;
  test::Server server_;
  std::vector<std::int16_t> samples_;
  std::thread thread_;
};

std::vector<std::int16_t> sound() {
  std::vector<std::int16_t> samples(length);
  for (std::size_t i = 0; i < length; ++i) samples[i] = static_cast<std::int16_t>(i * 7919 % 65521);
  return samples;
}

template <int number>
std::span<std::byte> stack() {
  alignas(64) static std::array<std::byte, 1U << 18U> room;
  return room;
}

class StreamerOnFreeRtos : public ::testing::Test {
 protected:
  void stream(std::size_t patience) {
    Receiver receiver(patience);
    StopFlag stop;
    TcpLink link(stop);
    Resolver resolver([](void* self) { return static_cast<Receiver*>(self)->where(); }, &receiver, stop);
    EventBus bus(memory_);
    Pressure pressure(memory_, &bus);
    test::FramesSource source(sound());
    Streamer::Config config;
    config.uplink.stream_id = 1;
    config.uplink.backoff = {.initial_ms = 1, .max_ms = 5};
    config.when_full = Backlog::WhenFull::wait;
    config.capture.stack = stack<1>();
    config.network.stack = stack<2>();
    config.on_streaming = &cli::heap_meter::countThisThread;
    Streamer streamer({memory_, bus, pressure, source, read_buffer_, resolver, link, stop}, config);
    ASSERT_TRUE(resolver.start({.name = "look-up", .stack = stack<3>()}));
    cli::heap_meter::install();
    const std::uint64_t calls_before = cli::heap_meter::calls();
    const std::size_t system_calls_before = freertos_double::heapCalls();
    ASSERT_TRUE(streamer.start());
    streamer.join();
    EXPECT_EQ(cli::heap_meter::calls(), calls_before);
    EXPECT_EQ(freertos_double::heapCalls(), system_calls_before);
    receiver.join();
    EXPECT_TRUE(streamer.delivered());
    EXPECT_EQ(receiver.samples(), sound());
    connections_ = streamer.uplink().connections;
  }

  StaticMemoryManager<> memory_;
  std::array<std::int32_t, frames_per_read> read_buffer_{};
  std::uint32_t connections_ = 0;
};

TEST_F(StreamerOnFreeRtos, DeliversTheSameSamplesAndAsksTheHeapForNothing) {
  stream(1000);
  EXPECT_EQ(connections_, 1U);
}

TEST_F(StreamerOnFreeRtos, GoesOnHoweverOftenTheConnectionBreaks) {
  stream(1);
  EXPECT_GE(connections_, length / chunk_samples);
}

TEST_F(StreamerOnFreeRtos, DoesNotStartWithoutAStack) {
  StopFlag stop;
  TcpLink link(stop);
  Resolver resolver([](void*) { return Endpoints(); }, nullptr, stop);
  EventBus bus(memory_);
  Pressure pressure(memory_, &bus);
  test::FramesSource source(sound());
  Streamer streamer({memory_, bus, pressure, source, read_buffer_, resolver, link, stop}, {});
  EXPECT_FALSE(resolver.start({.name = "look-up"}));
  EXPECT_FALSE(streamer.start());
}

TEST_F(StreamerOnFreeRtos, StopsSoonWhenItIsToldTo) {
  test::Server nobody_accepts;
  Endpoints where = Endpoints::resolve("127.0.0.1", std::to_string(nobody_accepts.address().port).c_str());
  StopFlag stop;
  TcpLink link(stop);
  Resolver resolver([](void* at) { return *static_cast<Endpoints*>(at); }, &where, stop);
  EventBus bus(memory_);
  Pressure pressure(memory_, &bus);
  test::FramesSource source(sound());
  Streamer::Config config;
  config.capture.stack = stack<1>();
  config.network.stack = stack<2>();
  Streamer streamer({memory_, bus, pressure, source, read_buffer_, resolver, link, stop}, config);
  ASSERT_TRUE(resolver.start({.name = "look-up", .stack = stack<3>()}));
  ASSERT_TRUE(streamer.start());
  streamer.stop();
  streamer.join();
  EXPECT_TRUE(streamer.done());
  EXPECT_FALSE(streamer.delivered());
}

}  // namespace
}  // namespace millpond::streamer
