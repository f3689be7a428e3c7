// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// The streamer as it is under the real scheduler, with interrupts that use the pools too. Its link leads to a
// receiver in memory.
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "Test.h"
#include "board/Board.h"
#include "millpond.h"
#include "streamer/Streamer.h"
#include "streamer/wire/Ack.h"

// Each link has a virtual destructor; nothing is deleted.
void operator delete(void*, std::size_t) noexcept {}
void operator delete(void*) noexcept {}
extern "C" void __cxa_pure_virtual() { board::exit(false); }

namespace millpond::streamer {
namespace {

constexpr std::uint32_t length = 40000;
std::int16_t sampleAt(std::uint64_t index) { return static_cast<std::int16_t>(index * 7919 % 65521); }

class Sound : public AudioSource {
 public:
  std::size_t read(std::span<std::int32_t> frames) override {
    const std::size_t count = std::min<std::size_t>(frames.size(), length - next_);
    for (std::int32_t& frame : frames.first(count)) frame = sampleAt(next_++) * 65536;
    return count;
  }

 private:
  std::uint32_t next_ = 0;
};

/// Leads to a receiver that compares and acknowledges each chunk, and hangs up, unheard, with each
/// `patience`-th.
class MemoryLink : public Link {
 public:
  explicit MemoryLink(std::uint32_t patience) : patience_(patience) {}

  bool connected() const override { return connected_; }
  int error() const override { return ECONNRESET; }
  bool connect(const Endpoint&, Milliseconds) override {
    filled_ = 0;
    acked_ = Ack::size;
    ++connections;
    return connected_ = true;
  }
  std::size_t send(std::span<const std::byte> bytes, Milliseconds) override {
    if (filled_ + bytes.size() > frame_.size()) return hangUp();
    std::memcpy(frame_.data() + filled_, bytes.data(), bytes.size());
    filled_ += bytes.size();
    ChunkHeader header;
    if (filled_ < ChunkHeader::size) return bytes.size();
    EXPECT_EQ(ChunkHeader::decode(std::span(frame_).first<ChunkHeader::size>(), header), WireError::none);
    if (filled_ < ChunkHeader::size + header.payload_bytes) return bytes.size();
    return take(header) ? bytes.size() : hangUp();
  }
  bool receive(std::span<std::byte> bytes, Milliseconds) override {
    if (acked_ + bytes.size() > Ack::size) return hangUp() != 0;
    std::memcpy(bytes.data(), ack_.data() + acked_, bytes.size());
    acked_ += bytes.size();
    return true;
  }
  void finish(Milliseconds) override { close(); }
  void close() override { connected_ = false; }

  std::uint32_t connections = 0;
  std::uint64_t next = 0;
  std::uint32_t wrong = 0;

 private:
  std::size_t hangUp() {
    close();
    return 0;
  }
  bool take(const ChunkHeader& header) {
    if (++chunks_ % patience_ == 0) return false;
    EXPECT_TRUE(ChunkHeader::checksumHolds(std::span(frame_).first(filled_)));
    EXPECT_EQ(header.first_sample, next);
    for (std::uint32_t at = 0; at < header.samples(); ++at) {
      std::int16_t sample = 0;
      std::memcpy(&sample, frame_.data() + ChunkHeader::size + 2 * at, sizeof sample);
      if (sample != sampleAt(next++)) ++wrong;
    }
    ack_ = Ack{header.stream_id, header.sequence, next}.encode();
    acked_ = 0;
    filled_ = 0;
    return true;
  }

  const std::uint32_t patience_;
  std::uint32_t chunks_ = 0;
  bool connected_ = false;
  std::size_t filled_ = 0;
  std::size_t acked_ = Ack::size;
  std::array<std::byte, ChunkHeader::max_frame> frame_{};
  Ack::Bytes ack_{};
};

StaticMemoryManager<> memory;
StaticBuffer<std::int32_t, frames_per_read> read_buffer(memory, "i2s");
alignas(16) std::array<std::byte, 4096> capture_stack;
alignas(16) std::array<std::byte, 6144> network_stack;
alignas(16) std::array<std::byte, 4096> look_up_stack;
Word interrupts;

// A block from an interrupt, over and over while the tasks take theirs.
void interrupt() {
  memory.deallocate(memory.allocateGeneralBuffer(64, "interrupt"));
  interrupts.store(interrupts.load() + 1);
  board::interruptAfter(3001);
}

HeapStats_t heap() {
  HeapStats_t stats{};
  vPortGetHeapStats(&stats);
  return stats;
}

Endpoints somewhere(void*) {
  Endpoints endpoints;
  endpoints.add({});
  return endpoints;
}

TEST(Streamer, DeliversEachSampleThroughBreaksAndAsksTheHeapForNothing) {
  EventBus bus(memory);
  Pressure pressure(memory, &bus);
  static Sound sound;
  static MemoryLink link(3);
  static StopFlag stop;
  static Resolver resolver(&somewhere, nullptr, stop);
  static Streamer streamer({memory, bus, pressure, sound, read_buffer.span(), resolver, link, stop},
                           {.uplink = {.stream_id = 7, .backoff = {.initial_ms = 1, .max_ms = 5}},
                            .when_full = Backlog::WhenFull::wait,
                            .capture = {.name = "capture", .stack = capture_stack, .priority = 5},
                            .network = {.name = "network", .stack = network_stack, .priority = 4}});
  const HeapStats_t before = heap();
  board::setTimerHandler(&interrupt);
  board::interruptAfter(1000);
  ASSERT_TRUE(resolver.start({.name = "look-up", .stack = look_up_stack, .priority = 3}));
  ASSERT_TRUE(streamer.start());
  streamer.join();
  board::setTimerHandler(nullptr);
  board::stopTimer();
  const HeapStats_t after = heap();

  EXPECT_TRUE(streamer.delivered());
  EXPECT_EQ(streamer.account().captured, length);
  EXPECT_EQ(streamer.account().delivered, length);
  EXPECT_EQ(link.next, length);
  EXPECT_EQ(link.wrong, 0U);
  EXPECT_GT(link.connections, 2U);
  EXPECT_GT(interrupts.load(), 100U);
  EXPECT_EQ(after.xNumberOfSuccessfulAllocations, before.xNumberOfSuccessfulAllocations);
  EXPECT_EQ(after.xNumberOfSuccessfulFrees, before.xNumberOfSuccessfulFrees);
  EXPECT_EQ(memory.stats().audio.in_use + memory.stats().network.in_use, 0U);
}

}  // namespace
}  // namespace millpond::streamer
