// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// A firmware that uses all of the library: guards, waiting, reserves, sharing, events, pressure, leaks.
#include "board/Board.h"
#include "millpond.h"

namespace {

using namespace millpond;

constexpr MemoryConfig config{.general_buffer_pool_size = 16,
                              .guards = MILLPOND_GUARDS,
                              .audio_reserve = 1,
                              .network_reclaimable = true};

StaticMemoryManager<config> memory;
StaticBuffer<std::int32_t, 1024> samples(memory, "i2s");

constexpr EventId tick = eventId(1, EventPriority::normal);

std::size_t giveNothing(void* /*context*/, PressureLevel /*level*/) { return 0; }
void heard(void* count, const Event& event) {
  *static_cast<std::uint32_t*>(count) += *event.as<std::uint32_t>();
}

std::uint32_t share() {
  const SharedBuffer capture = memory.audioBuffer(4000, "capture");
  const SharedBuffer uplink = capture;
  Buffer chunk = memory.networkBuffer(19200, "uplink");
  memory.deallocate(chunk.release());
  return static_cast<std::uint32_t>(capture.size() + uplink.size());
}

std::uint32_t waitForBlocks() {
  void* blocks[] = {memory.allocateAudioBuffer(4096, "capture", 10, Access::reserved),
                    memory.allocateNetworkBuffer(19200, "uplink", 10),
                    memory.allocateGeneralBuffer(700, "json", 10), memory.allocateGeneralBuffer(700, "json")};
  for (void* block : blocks) memory.deallocate(block);
  return memory.validate(8);
}

std::uint32_t report() {
  SourceStats sources[4];
  const MemoryStats stats = memory.stats();
  auto sum = static_cast<std::uint32_t>(memory.statsBySource(sources));
  for (const LiveBlock& block : memory.leaks(1000)) sum += static_cast<std::uint32_t>(block.age_ms);
  return sum + stats.audio.in_use + static_cast<std::uint32_t>(samples.size());
}

}  // namespace

int board::firmwareMain() {
  EventBus bus(memory);
  Pressure pressure(memory, &bus);
  Reclaimer reclaimer("cache", 1, 4096, giveNothing, nullptr);
  StaticLeakWatch<config> leaks(memory, &bus);
  std::uint32_t count = 0;
  pressure.add(reclaimer);
  bus.subscribe(tick, heard, EventPriority::normal, &count);
  bus.publish(tick, std::uint32_t{1});
  bus.processEvents();
  count += share() + waitForBlocks() + report();
  count += static_cast<std::uint32_t>(pressure.poll()) + static_cast<std::uint32_t>(leaks.poll());
  leaks.setAge(1000);
  count += static_cast<std::uint32_t>(leaks.usualAge("capture") + pressure.emergencyCleanup().bytes);
  pressure.remove(reclaimer);
  bus.unsubscribe(tick, heard, &count);
  return count == 0;
}
