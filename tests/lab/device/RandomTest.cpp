// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>

#include "lab/device/Random.h"

namespace millpond::lab {
namespace {

// The first numbers of SplitMix64 from state 0, as its authors' program prints them.
TEST(Random, IsSplitMix64) {
  Random random(0, 0);
  EXPECT_EQ(random.next(), 0xE220A8397B1DCDAFU);
  EXPECT_EQ(random.next(), 0x6E789E6AA1B965F4U);
  EXPECT_EQ(random.next(), 0x06C45D188009454FU);
}

TEST(Random, StreamsOfOneSeedAreApart) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (std::uint64_t stream = 0; stream < 40; ++stream) seen.insert(Random(seed, stream).next());
  }
  EXPECT_EQ(seen.size(), 800U);
}

TEST(Random, ReachesBothEndsOfARangeAndAllBetween) {
  Random random(1, 1);
  std::set<std::uint32_t> even;
  std::set<std::uint32_t> small;
  for (int draw = 0; draw < 10'000; ++draw) {
    even.insert(random.within({3, 9}));
    small.insert(random.smallWithin({3, 9}));
  }
  const std::set<std::uint32_t> all{3, 4, 5, 6, 7, 8, 9};
  EXPECT_EQ(even, all);
  EXPECT_EQ(small, all);
  EXPECT_EQ(random.within({5, 5}), 5U);
  EXPECT_EQ(random.smallWithin({5, 5}), 5U);
}

TEST(Random, SmallOnesLieAThirdOfTheWayUpOnAverage) {
  Random random(2, 1);
  double sum = 0;
  constexpr int draws = 200'000;
  for (int draw = 0; draw < draws; ++draw) sum += random.smallWithin({100, 3100});
  EXPECT_NEAR(sum / draws, 1100, 10);
}

TEST(Random, WaitsAsWhatHappensByChance) {
  Random random(3, 1);
  constexpr std::uint64_t mean = 600'000'000;
  constexpr int draws = 200'000;
  double sum = 0;
  std::array<int, 3> longer{};  // than the mean, twice and three times it
  for (int draw = 0; draw < draws; ++draw) {
    const std::uint64_t wait = random.waiting(mean);
    sum += static_cast<double>(wait);
    for (std::size_t times = 0; times < longer.size(); ++times) {
      if (wait > mean * (times + 1)) ++longer[times];
    }
  }
  EXPECT_NEAR(sum / draws / mean, 1, 0.01);
  for (std::size_t times = 0; times < longer.size(); ++times) {
    const double expected = std::exp(-static_cast<double>(times + 1));
    EXPECT_NEAR(static_cast<double>(longer[times]) / draws, expected, 0.003) << times + 1;
  }
}

// In whole numbers all the way, so these hold on any machine: the waits of seed 1 in stream 3.
TEST(Random, ItsWaitsAreTheSameOnAnyMachine) {
  Random random(1, 3);
  EXPECT_EQ(random.waiting(600'000'000), 208832359U);
  EXPECT_EQ(random.waiting(600'000'000), 377903366U);
  EXPECT_EQ(random.waiting(1), 0U);
  EXPECT_EQ(random.waiting(1ULL << 49U), 324900854169600U);
}

}  // namespace
}  // namespace millpond::lab
