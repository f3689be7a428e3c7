// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <random>

#include "sizing/Granules.h"

namespace millpond::sizing {
namespace {

// Three holders of up to 1024 bytes: the general pool of ADR-002's device.
TEST(GranulesTest, ThatNoOrderDefeatsAreFoundBySearch) {
  EXPECT_EQ(leastGranules(3, 1), 3U);   // of 1024 bytes
  EXPECT_EQ(leastGranules(3, 2), 8U);   // of 512
  EXPECT_EQ(leastGranules(3, 4), 18U);  // of 256
  EXPECT_EQ(leastGranules(1, 32), 32U);
  EXPECT_EQ(leastGranules(0, 4), 0U);
}

TEST(GranulesTest, BeyondAWordAreLeftToReplay) {
  EXPECT_EQ(leastGranules(3, 8), std::nullopt);  // 38 of 128 bytes
  EXPECT_EQ(leastGranules(6, 2), std::nullopt);
}

TEST(GranulesTest, FewerThanTheHighestEverUsedRefuseSomething) {
  std::mt19937 random(5);
  FirstFit unlimited(64);
  struct Run {
    std::uint32_t bytes;
    std::uint32_t start;
    std::uint32_t start_in_fewer;
  };
  std::vector<Run> held;
  std::uint32_t refused[2] = {};
  // Twice the same: first to learn the most, then with that many and with one fewer.
  for (int round = 0; round < 2; ++round) {
    const std::uint32_t most = unlimited.most();
    FirstFit enough(64, round == 0 ? UINT32_MAX : most);
    FirstFit fewer(64, round == 0 ? UINT32_MAX : most - 1);
    random.seed(5);
    held.clear();
    for (int step = 0; step < 3000; ++step) {
      if (held.size() > 12 || (!held.empty() && random() % 2 == 0)) {
        std::swap(held[random() % held.size()], held.back());
        if (held.back().start != FirstFit::none) enough.give(held.back().start, held.back().bytes);
        if (held.back().start_in_fewer != FirstFit::none)
          fewer.give(held.back().start_in_fewer, held.back().bytes);
        held.pop_back();
        continue;
      }
      const auto bytes = static_cast<std::uint32_t>(1 + random() % 600);
      held.push_back({bytes, enough.take(bytes), fewer.take(bytes)});
      if (held.back().start == FirstFit::none) ++refused[0];
      if (held.back().start_in_fewer == FirstFit::none) ++refused[1];
    }
    if (round == 0) unlimited = enough;
  }
  EXPECT_GT(unlimited.most(), 32U) << "more than a word";
  EXPECT_EQ(refused[0], 0U);
  EXPECT_GT(refused[1], 0U);
}

TEST(GranulesTest, ARunLongerThanAWordIsRefused) {
  FirstFit fit(8);
  EXPECT_EQ(fit.take(33 * 8), FirstFit::none);
  EXPECT_EQ(fit.take(32 * 8), 0U);
}

}  // namespace
}  // namespace millpond::sizing
