// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What every port's `Event` must do. Written against the port contract alone.
#include <cstdint>

#include "Test.h"
#include "conformance/Interruption.h"
#include "millpond/port/Port.h"

namespace millpond::conformance {

namespace {

Port::Event* awaited = nullptr;

}  // namespace

TEST(EventConformance, KeepsANotificationThatComesFirst) {
  Port::Event event;
  event.notify();
  EXPECT_TRUE(event.wait(UINT64_MAX));
}

TEST(EventConformance, KeepsOnlyOne) {
  Port::Event event;
  event.notify();
  event.notify();
  EXPECT_TRUE(event.wait(UINT64_MAX));
  EXPECT_FALSE(event.wait(Port::micros()));
}

TEST(EventConformance, PrefersANotificationToADeadlineThatHasPassed) {
  Port::Event event;
  event.notify();
  EXPECT_TRUE(event.wait(0));
}

// As the library notifies.
TEST(EventConformance, MayBeNotifiedWithinACritical) {
  Port::Event event;
  {
    const Port::Critical outer;
    const Port::Critical inner;
    event.notify();
  }
  EXPECT_TRUE(event.wait(0));
}

// As the library makes them: one for each request that waits, on the waiter's stack.
TEST(EventConformance, LeavesNothingBehindWhenItEnds) {
  for (int wait = 0; wait < 1000; ++wait) {
    Port::Event event;
    event.notify();
    EXPECT_TRUE(event.wait(0));
  }
}

TEST(EventConformance, GivesUpAtTheDeadlineAndNotBefore) {
  const Heartbeat heartbeat;
  Port::Event event;
  const std::uint64_t deadline = Port::micros() + 50'000;
  EXPECT_FALSE(event.wait(deadline));
  EXPECT_GE(Port::micros(), deadline);
}

// A wake-up that is lost sleeps for ever, and the run ends by its time-out.
TEST(EventConformance, LosesNoWakeUpInAnyWindow) {
  for (unsigned delay = 0; delay < windows; ++delay) {
    Port::Event event;
    awaited = &event;
    const Interruption interruption(delay, [] { awaited->notify(); });
    EXPECT_TRUE(event.wait(UINT64_MAX));
  }
}

TEST(EventConformance, LosesNoWakeUpBeforeADeadlineInAnyWindow) {
  for (unsigned delay = 0; delay < windows; ++delay) {
    Port::Event event;
    awaited = &event;
    const Interruption interruption(delay, [] { awaited->notify(); });
    EXPECT_TRUE(event.wait(Port::micros() + 10'000'000));
  }
}

}  // namespace millpond::conformance
