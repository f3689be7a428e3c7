// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// What docs/migration.md shows after each change.
#include <millpond.h>

#include <cstdint>
#include <cstring>

namespace {

// [table]
struct Packet {
  Packet(std::uint16_t from, std::uint16_t bytes) : port(from), length(bytes) {}
  std::uint16_t port;
  std::uint16_t length;
};

constexpr std::size_t alignment = millpond::MemoryConfig{}.alignment;
alignas(alignment) std::byte frame_memory[6 * 1600];  // on an ESP32: DMA_ATTR before std::byte

constexpr millpond::MemoryConfig config{
    .more = {{{.name = "records", .blocks = 2, .block_size = 16720},
              {.name = "frames", .blocks = 6, .block_size = 1600, .place = millpond::Place::in(frame_memory)},
              {.name = "packets", .blocks = 16, .block_size = alignment}}}};
millpond::StaticMemoryManager<config> memory;
constexpr millpond::PoolId records = config.id("records");
constexpr millpond::PoolId frames = config.id("frames");
constexpr millpond::PoolId packets = config.id("packets");
// [table]

// [malloc]
bool sendRecord(const void* data, std::size_t size) {
  millpond::Buffer record = memory.buffer(records, size + 13, "tls");
  if (!record) return false;
  std::memcpy(record.data(), data, size);
  return true;  // freed here, as on every other way out
}
// [malloc]

// [malloc_raw]
void* takeRecord(std::size_t size) { return memory.allocate(records, size, "tls"); }
void giveRecord(void* record) { memory.deallocate(record); }
// [malloc_raw]

// [capability]
void* takeFrame() { return memory.allocatePoolOnly(frames, 1600, "i2s"); }
// [capability]

// [queue]
// The reader: waits up to 20 ms for a free buffer.
std::byte* nextFrame() {
  return static_cast<std::byte*>(memory.allocatePoolOnly(frames, 1600, "reader", 20));
}
// An interrupt: takes one if there is one, and never waits.
std::byte* nextFrameInInterrupt() {
  return static_cast<std::byte*>(memory.allocatePoolOnly(frames, 1600, "interrupt"));
}
// The sender, when it has sent what it got from the queue of full buffers: wakes the reader.
void sent(std::byte* frame) { memory.deallocate(frame); }
// [queue]

// [objects]
bool route(std::uint16_t port) {
  auto packet = memory.create<Packet>(packets, "router", port, std::uint16_t{64});
  return packet && packet->port == port;  // destroyed and freed here
}
// [objects]

}  // namespace

int main() {
  const char data[100] = {};
  bool good = sendRecord(data, sizeof data) && route(9000);
  void* record = takeRecord(16717);
  void* frame = takeFrame();
  std::byte* full = nextFrame();
  std::byte* other = nextFrameInInterrupt();
  good = good && record != nullptr && frame != nullptr && full != nullptr && other != nullptr;
  giveRecord(record);
  memory.deallocate(frame);
  sent(full);
  sent(other);
  return good && memory.leaks().begin() == std::default_sentinel && memory.stats().heap.allocations == 0 ? 0
                                                                                                         : 1;
}
