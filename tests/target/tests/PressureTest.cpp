// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Test.h"
#include "millpond/Pressure.h"
#include "tests/FakeHeap.h"

namespace millpond {

namespace pressure_tests {

constexpr std::uint64_t past_calm = 3'000;

target::FakeHeap heap;
StaticMemoryManager<MemoryConfig{.network_buffer_pool_size = 1,
                                 .network_block_size = 8192,
                                 .network_reclaimable = true,
                                 .pressure_calm_ms = 1,
                                 .reacquire_after_ms = 1}>
    memory{heap.heap()};

PressureLevel poll(Pressure& pressure, std::size_t free_bytes) {
  heap.free_bytes = free_bytes;
  return pressure.poll();
}

/// A reclaimer that gives the heap 30000 bytes, once.
std::size_t giveOnce(void* given, PressureLevel /*level*/) {
  auto& times = *static_cast<int*>(given);
  if (times++ > 0) return 0;
  heap.free_bytes += 30'000;
  return 30'000;
}

TEST(Pressure, RisesAtTheThresholdsOfTheDecision) {
  Pressure pressure(memory);
  EXPECT_EQ(poll(pressure, 40'000), PressureLevel::normal);
  EXPECT_EQ(poll(pressure, 39'999), PressureLevel::warning);
  EXPECT_EQ(poll(pressure, 20'000), PressureLevel::warning);
  EXPECT_EQ(poll(pressure, 19'999), PressureLevel::critical);
}

TEST(Pressure, FallsOnlyPastTheHysteresisAndAfterCalm) {
  Pressure pressure(memory);
  poll(pressure, 39'000);
  target::letPass(past_calm);
  EXPECT_EQ(poll(pressure, 43'999), PressureLevel::warning);
  EXPECT_EQ(poll(pressure, 44'000), PressureLevel::warning);
  target::letPass(past_calm);
  EXPECT_EQ(poll(pressure, 44'000), PressureLevel::normal);
}

TEST(Pressure, RunsReclaimersUntilItFalls) {
  int first = 0;
  int second = 0;
  Pressure pressure(memory);
  Reclaimer cache("cache", 1, 30'000, giveOnce, &first);
  Reclaimer log("log", 2, 30'000, giveOnce, &second);
  pressure.add(log);
  pressure.add(cache);
  poll(pressure, 39'000);
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 0);
  EXPECT_EQ(cache.yielded(), 30'000U);
  pressure.remove(cache);
  pressure.remove(log);
}

TEST(Pressure, GivesIdlePoolsBackAtCriticalAndTakesThemAgain) {
  heap.free_bytes = 200'000;
  memory.reacquirePools();  // a test before this one was at critical
  Pressure pressure(memory);
  EXPECT_EQ(heap.outstanding, 1);
  poll(pressure, 10'000);
  EXPECT_TRUE(memory.stats().network.released);
  EXPECT_EQ(heap.outstanding, 0);
  for (int second = 0; second < 5; ++second) {
    target::letPass(past_calm);
    poll(pressure, 200'000);
  }
  EXPECT_FALSE(memory.stats().network.released);
  EXPECT_EQ(heap.outstanding, 1);
  void* block = memory.allocateNetworkBuffer(8192, "uplink");
  EXPECT_EQ(memory.stats().network.in_use, 1U);
  memory.deallocate(block);
}

TEST(Pressure, TellsTheBus) {
  EventBus bus(memory, {.capacity = EventBus::max_capacity});
  Pressure pressure(memory, &bus);
  static int rises = 0;
  bus.subscribe(
      PressureChanged::event,
      [](void*, const Event& event) { rises += event.as<PressureChanged>() != nullptr; },
      EventPriority::normal, nullptr);
  poll(pressure, 39'000);
  bus.processEvents();
  EXPECT_EQ(rises, 1);
}

}  // namespace pressure_tests
}  // namespace millpond
