// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What every port's `Critical` and `TaskMutex` must do. Written against the port contract alone.
#include <cstdint>

#include "Test.h"
#include "conformance/Interruption.h"
#include "millpond/port/Port.h"

namespace millpond::conformance {

namespace {

Word came;

void come() {
  const Port::Critical critical;
  came.store(came.load() + 1);
}

/// Effect: time for an interrupt to come in, if it may. Returns: how many came meanwhile.
std::uint32_t comeMeanwhile() {
  const std::uint32_t before = came.load();
  for (int i = 0; i < 60; ++i) asm volatile("" ::: "memory");
  return came.load() - before;
}

}  // namespace

TEST(CriticalConformance, KeepsInterruptsOutWhileOneLives) {
  for (unsigned delay = 0; delay < windows; ++delay) {
    came.store(0);
    std::uint32_t meanwhile = 0;
    {
      const Interruption interruption(delay, come);
      const Port::Critical critical;
      meanwhile = comeMeanwhile();
    }
    EXPECT_EQ(meanwhile, 0U);
    EXPECT_EQ(came.load(), 1U);
  }
}

TEST(CriticalConformance, StaysClosedUntilTheOutermostEnds) {
  for (unsigned delay = 0; delay < windows; ++delay) {
    came.store(0);
    std::uint32_t meanwhile = 0;
    {
      const Interruption interruption(delay, come);
      const Port::Critical outer;
      { const Port::Critical inner; }
      meanwhile = comeMeanwhile();
    }
    EXPECT_EQ(meanwhile, 0U);
    EXPECT_EQ(came.load(), 1U);
  }
}

TEST(CriticalConformance, MayBeEnteredInAnInterrupt) {
  static bool in_interrupt_after = false;
  {
    const Interruption interruption(10, [] {
      { const Port::Critical critical; }
      in_interrupt_after = Port::inInterrupt();
    });
  }
  EXPECT_TRUE(in_interrupt_after);
}

TEST(CriticalConformance, ATaskMutexCanBeTakenAgainOnceReleased) {
  Port::TaskMutex mutex;
  for (int i = 0; i < 3; ++i) {
    mutex.lock();
    mutex.unlock();
  }
}

}  // namespace millpond::conformance
