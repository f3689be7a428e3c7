// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// docs/how-to-add-a-pool.md shows the parts between the marks, and a test compares them.
#include <millpond.h>

// [places]
using millpond::Place;
constexpr std::size_t alignment = millpond::MemoryConfig{}.alignment;

// A section of the build's own; on an ESP32 write EXT_RAM_BSS_ATTR or DMA_ATTR instead.
[[gnu::section(".bss.records")]] alignas(alignment) static std::byte records[2 * 16720];

constexpr millpond::MemoryConfig config{
    .more = {{{.name = "tls", .blocks = 2, .block_size = 16720, .place = Place::in(records)},
              {.name = "frames", .blocks = 8, .block_size = 1600, .place = Place::handedOver()},
              {.name = "update", .blocks = 1, .block_size = 8192, .place = Place::heap()}}}};
static millpond::StaticMemoryManager<config> memory;
constexpr millpond::PoolId frames = config.id("frames");

// Until then the pool has no memory, and its requests follow the fallback.
bool giveFrames(std::span<std::byte> region) {
  return memory.handOver(frames, region) == millpond::HandOver::accepted;
}
// [places]

int main() {
  alignas(alignment) static std::byte region[8 * 1600];
  const bool early = memory.allocatePoolOnly(frames, 1600, "frames") != nullptr;
  if (early || !giveFrames(region)) return 1;
  void* const frame = memory.allocatePoolOnly(frames, 1600, "frames");
  void* const record = memory.allocatePoolOnly(config.id("tls"), 16720, "tls");
  void* const update = memory.allocatePoolOnly(config.id("update"), 8192, "update");
  const bool right = frame == region && record == records && update != nullptr;
  for (void* block : {frame, record, update}) memory.deallocate(block);
  return right && memory.leaks().begin() == std::default_sentinel ? 0 : 1;
}
