// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <set>

#include "streamer/uplink/Backoff.h"

namespace millpond::streamer {
namespace {

TEST(Backoff, DoublesFromFiveSecondsToSixty) {
  Backoff backoff({.initial_ms = 5000, .max_ms = 60000, .jitter_percent = 0}, 1);
  for (const std::uint32_t expected : {5000U, 10000U, 20000U, 40000U, 60000U, 60000U, 60000U}) {
    EXPECT_EQ(backoff.next(), expected);
  }
}

TEST(Backoff, StaysWithinItsJitterAndUsesAllOfIt) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Backoff backoff({}, seed * 0x9E3779B97F4A7C15U);
    for (const std::uint32_t base : {5000U, 10000U, 20000U, 40000U, 60000U, 60000U}) {
      const std::uint32_t wait = backoff.next();
      EXPECT_GE(wait, base * 8 / 10);
      EXPECT_LE(wait, base * 12 / 10);
    }
  }
}

TEST(Backoff, DiffersBetweenDevices) {
  std::set<std::uint32_t> waits;
  for (std::uint64_t seed = 0; seed < 100; ++seed)
    waits.insert(Backoff({}, seed * 0x9E3779B97F4A7C15U).next());
  EXPECT_GT(waits.size(), 50U);
}

TEST(Backoff, BeginsAnewAfterReset) {
  Backoff backoff({.initial_ms = 10, .max_ms = 100, .jitter_percent = 0}, 1);
  backoff.next();
  backoff.next();
  backoff.reset();
  EXPECT_EQ(backoff.next(), 10U);
}

TEST(Backoff, NeverWaitsLongerThanItsLimitEvenAtFirst) {
  Backoff backoff({.initial_ms = 500, .max_ms = 100, .jitter_percent = 0}, 1);
  EXPECT_EQ(backoff.next(), 100U);
}

}  // namespace
}  // namespace millpond::streamer
