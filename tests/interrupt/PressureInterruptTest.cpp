// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <future>
#include <new>
#include <string>

#include "millpond.h"
#include "port/AtomicSteps.h"
#include "support/ManagerFixture.h"

namespace millpond {
namespace pressure_interrupt {

std::atomic<unsigned> runs;

/// A reclaimer whose place is overwritten once another task has removed it, before one of the steps of a
/// cleanup; where the cleanup holds the lock then, that task gets it a little later.
struct ShortLived {
  static std::size_t run(void* /*context*/, PressureLevel /*level*/) {
    ++runs;
    return 7;
  }
  static void beforeStep(void* self) {
    auto& life = *static_cast<ShortLived*>(self);
    if (life.step++ != life.ends_at) return;
    life.end = std::async(std::launch::async, [&life] {
      life.pressure.remove(*life.reclaimer);
      std::memset(life.place.data(), 0xA5, life.place.size());
    });
    life.end.wait_for(std::chrono::milliseconds(20));
  }

  Pressure& pressure;
  unsigned ends_at;
  unsigned step = 0;
  alignas(Reclaimer) std::array<std::byte, sizeof(Reclaimer)> place{};
  Reclaimer* reclaimer = new (place.data()) Reclaimer("short-lived", 0, 7, run, nullptr);
  std::future<void> end{};
};

using PressureInterruptTest = test::DefaultManager;

TEST_F(PressureInterruptTest, AReclaimerMayEndAtAnyMomentOfACleanup) {
  for (unsigned ends_at = 0, steps = 1; ends_at < steps; ++ends_at) {
    SCOPED_TRACE("before step " + std::to_string(ends_at));
    Pressure pressure(memory);
    ShortLived life{pressure, ends_at};
    pressure.add(*life.reclaimer);
    runs = 0;
    CleanupReport report;
    {
      const test::AtomicSteps::HookScope hook(ShortLived::beforeStep, &life);
      report = pressure.emergencyCleanup();
    }
    steps = life.step;
    life.end.wait();
    EXPECT_EQ(report.bytes, 7 * runs);
    for (const std::byte byte : life.place) ASSERT_EQ(byte, std::byte{0xA5}) << "touched after its end";
  }
}

/// Calls `what` before the atomic steps of `operation`: before step `at`, or before each. Returns: the steps.
template <class Operation, class What>
unsigned interruptedBy(What what, Operation operation, unsigned at = ~0U) {
  struct Arrival {
    What& what;
    unsigned at;
    unsigned step = 0;
  } arrival{what, at};
  const test::AtomicSteps::HookScope hook(
      [](void* self) {
        auto& now = *static_cast<Arrival*>(self);
        const unsigned step = now.step++;
        if (now.at == ~0U || now.at == step) now.what();
      },
      &arrival);
  operation();
  return arrival.step;
}

TEST_F(PressureInterruptTest, WhatChangesBeforeAnyStepOfAPollIsSeenByIt) {
  for (unsigned at = 0, steps = 1; at < steps; ++at) {
    SCOPED_TRACE("before step " + std::to_string(at));
    heap.setFree(100'000);
    Pressure pressure(memory);
    const auto arrival = [&] {
      heap.setFree(10'000);
      memory.deallocate(memory.allocateAudioBuffer(5000, "another task"));
    };
    steps = interruptedBy(
        arrival, [&] { pressure.poll(); }, at);
    ASSERT_EQ(pressure.level(), PressureLevel::critical);
  }
}

constexpr MemoryConfig moving{.network_buffer_pool_size = 33,
                              .network_block_size = 64,
                              .guards = Guards::full,
                              .network_reclaimable = true};

TEST(ReclaimInterrupt, TheOccupancyIsRightBeforeEachStepOfAMove) {
  test::TestHeap heap;
  StaticMemoryManager<moving> memory(heap.heap());
  const Buffer held = memory.audioBuffer(1, "capture");
  memory.networkBuffer(1, "uplink").reset();  // it rests
  const Occupancy truth = memory.occupancy();
  ASSERT_EQ(truth.held, moving.audio_block_size + moving.fence());
  const auto look = [&] {
    const Occupancy pools = memory.occupancy();
    ASSERT_EQ(pools.held, truth.held);
    ASSERT_EQ(pools.total, truth.total);
  };
  interruptedBy(look, [&] { EXPECT_GT(memory.releaseIdlePools(), 33U * 64); });
  interruptedBy(look, [&] { EXPECT_GT(memory.reacquirePools(), 33U * 64); });
}

/// A heap of two regions that it gives in turn.
struct TwoRegions {
  static void* allocate(void* self, std::size_t /*bytes*/, std::size_t /*alignment*/) {
    auto& heap = *static_cast<TwoRegions*>(self);
    heap.next = 1 - heap.next;
    return heap.regions[heap.next].data();
  }
  static void release(void* /*self*/, void* /*memory*/, std::size_t /*bytes*/) {}

  alignas(64) std::array<std::array<std::byte, 8192>, 2> regions{};
  std::size_t next = 0;
  Heap heap{.allocate = allocate, .release = release, .context = this};
};

TEST(ReclaimInterrupt, ALateSecondFreeDoesNothingToWhoHasTheBlockOfAPoolThatMoved) {
  constexpr MemoryConfig config{
      .audio_buffer_pool_size = 1, .max_heap_allocation = 0, .audio_reclaimable = true};
  unsigned moves = 0;
  for (unsigned at = 0, steps = 1; at < steps; ++at) {
    SCOPED_TRACE("before step " + std::to_string(at));
    TwoRegions regions;
    StaticMemoryManager<config> memory{regions.heap};
    void* block = memory.allocateAudioBuffer(50, "first holder");
    void* another = nullptr;
    steps = interruptedBy(
        [&] {
          memory.deallocate(block);
          memory.releaseIdlePools();
          memory.reacquirePools();
          another = memory.allocateAudioBuffer(70, "another holder");
        },
        [&] { memory.deallocate(block); }, at);
    if (another == nullptr || another == block) continue;
    ++moves;
    EXPECT_EQ(memory.stats().audio.in_use, 1U) << "freed by who freed another block twice";
    memory.deallocate(another);
  }
  EXPECT_GE(moves, 3U);
}

TEST(ReclaimInterrupt, WhereAReleaseFailsNobodyWasRefusedForIt) {
  unsigned kept = 0;
  for (unsigned at = 0, steps = 1; at < steps; ++at) {
    SCOPED_TRACE("before step " + std::to_string(at));
    test::TestHeap heap;
    StaticMemoryManager<moving> memory(heap.heap());
    std::array<Buffer, 3> taken;
    const auto arrival = [&] {
      for (Buffer& block : taken) block = memory.networkBuffer(64, "uplink");
    };
    std::size_t released = 0;
    steps = interruptedBy(
        arrival, [&] { released = memory.releaseIdlePools(); }, at);
    if (released != 0) continue;
    ++kept;
    ASSERT_EQ(memory.stats().network.fallbacks, 0U) << "the pool had blocks all the time";
  }
  EXPECT_GT(kept, 3U);
}

}  // namespace pressure_interrupt
}  // namespace millpond
