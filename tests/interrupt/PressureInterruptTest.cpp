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
namespace {

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

}  // namespace
}  // namespace millpond
