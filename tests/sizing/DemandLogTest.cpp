// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <random>

#include "sizing/DemandLog.h"

namespace millpond::sizing {
namespace {

TEST(DemandLogTest, GivesBackEveryEventInOrder) {
  std::mt19937 engine(1);
  const auto random = [&engine] { return static_cast<std::uint32_t>(engine()); };
  DemandLog log;
  std::vector<DemandLog::Event> events;
  std::vector<DemandLog::Event> held;
  std::uint64_t time_us = 5;
  for (int step = 0; step < 200'000; ++step) {  // more than a chunk
    time_us += random() % (step % 1000 == 0 ? 10'000'000'000 : 300);
    if (!held.empty() && random() % 2 == 0) {
      std::swap(held[random() % held.size()], held.back());
      DemandLog::Event event = held.back();
      held.pop_back();
      log.give(time_us, event.slot);
      event.time_us = time_us;
      event.takes = false;
      events.push_back(event);
      continue;
    }
    const Request request{random() % 3, random() % 20, 1 + random() % 2000};
    const DemandLog::Event event{time_us, log.take(time_us, request), true, request};
    events.push_back(event);
    held.push_back(event);
  }
  std::size_t at = 0;
  log.forEach([&](const DemandLog::Event& event) {
    ASSERT_LT(at, events.size());
    const DemandLog::Event& expected = events[at++];
    ASSERT_EQ(event.time_us, expected.time_us);
    ASSERT_EQ(event.slot, expected.slot);
    ASSERT_EQ(event.takes, expected.takes);
    ASSERT_EQ(event.request, expected.request);
  });
  EXPECT_EQ(at, events.size());
  EXPECT_EQ(log.events(), events.size());
  EXPECT_EQ(log.startMicros(), events.front().time_us);
  EXPECT_EQ(log.endMicros(), events.back().time_us);
}

TEST(DemandLogTest, EndsNoEarlierThanItsLastEvent) {
  DemandLog log;
  log.take(10, {});
  log.endAt(5);
  EXPECT_EQ(log.endMicros(), 10U);
  log.endAt(2'000'010);
  EXPECT_DOUBLE_EQ(log.seconds(), 2);
}

}  // namespace
}  // namespace millpond::sizing
