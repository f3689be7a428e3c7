// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>

#include "cli/device/PressureLog.h"

namespace millpond::cli {
namespace {

constexpr std::array reclaimer_names{"even", "odd"};

void reclaim(EventBus& bus, std::size_t bytes) {
  bus.publish(Reclaimed::event, Reclaimed{reclaimer_names[bytes % 2], bytes}, true);
}

TEST(PressureLogTest, KeepsTheFirstForTheReportAndTheLatestForWhoLooks) {
  static StaticMemoryManager<MemoryConfig{}> memory;
  EventBus bus(memory);
  const PressureLog log(bus);
  EXPECT_TRUE(log.latest().empty());
  for (std::size_t bytes = 1; bytes <= 300; ++bytes) reclaim(bus, bytes);
  EXPECT_EQ(log.entries().back().bytes, PressureLog::capacity);
  EXPECT_EQ(log.missed(), 300 - PressureLog::capacity);
  const auto latest = log.latest();
  ASSERT_EQ(latest.size(), PressureLog::kept);
  EXPECT_EQ(latest.front().number, 300 - PressureLog::kept + 1);
  EXPECT_EQ(latest.back().entry.bytes, 300U);
}

TEST(PressureLogTest, NeverMixesTwoEntriesForAReaderOfAnotherThread) {
  static StaticMemoryManager<MemoryConfig{}> memory;
  EventBus bus(memory);
  const PressureLog log(bus);
  std::atomic<bool> done{false};
  std::jthread device([&] {
    for (std::size_t bytes = 1; bytes <= 20000; ++bytes) reclaim(bus, bytes);
    done = true;
  });
  while (!done) {
    for (const auto& [number, entry] : log.latest()) {
      ASSERT_EQ(entry.bytes, number);
      ASSERT_STREQ(entry.name, reclaimer_names[number % 2]);
    }
  }
  device.join();
  EXPECT_EQ(log.latest().back().number, 20000U);
}

}  // namespace
}  // namespace millpond::cli
