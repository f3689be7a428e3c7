// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "sizing/BlockSizes.h"

namespace millpond::sizing {
namespace {

struct Step {
  std::size_t size;
  bool takes;
};

std::vector<Step> anySteps(std::uint32_t seed, std::size_t sizes) {
  std::mt19937 random(seed);
  std::vector<std::size_t> held;
  std::vector<Step> steps;
  for (int step = 0; step < 300; ++step) {
    if (!held.empty() && random() % 5 < 2) {
      std::swap(held[random() % held.size()], held.back());
      steps.push_back({held.back(), false});
      held.pop_back();
    } else {
      held.push_back(random() % sizes);
      steps.push_back({held.back(), true});
    }
  }
  return steps;
}

std::uint32_t peakOf(const std::vector<Step>& steps, std::size_t low, std::size_t high) {
  std::uint32_t held = 0;
  std::uint32_t peak = 0;
  for (const Step& step : steps) {
    if (step.size < low || step.size > high) continue;
    held += step.takes ? 1U : -1U;
    peak = std::max(peak, held);
  }
  return peak;
}

IntervalPeaks peaksOf(const std::vector<Step>& steps, const std::vector<std::uint32_t>& sizes) {
  IntervalPeaks peaks(sizes);
  for (const Step& step : steps) step.takes ? peaks.take(step.size) : peaks.give(step.size);
  peaks.endDevice();
  return peaks;
}

const std::vector<std::uint32_t> sizes{16, 40, 48, 200, 512, 1024, 4096};

TEST(BlockSizesTest, PeaksOfAllIntervalsAreThoseOfEachByItself) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    const auto steps = anySteps(seed, sizes.size());
    const IntervalPeaks peaks = peaksOf(steps, sizes);
    for (std::size_t low = 0; low < sizes.size(); ++low) {
      for (std::size_t high = low; high < sizes.size(); ++high) {
        EXPECT_EQ(peaks.peak(low, high), peakOf(steps, low, high))
            << low << ".." << high << ", seed " << seed;
      }
    }
  }
}

// Each subset of the borders between sizes, by its bits.
TEST(BlockSizesTest, AreTheBestOfEveryPartition) {
  const auto steps = anySteps(3, sizes.size());
  const auto answers = bestBlockSizes(peaksOf(steps, sizes), sizes.size());
  std::vector<std::uint64_t> best(sizes.size(), UINT64_MAX);
  for (std::uint32_t borders = 0; borders < 1U << (sizes.size() - 1); ++borders) {
    std::uint64_t bytes = 0;
    std::size_t low = 0;
    std::size_t pools = 0;
    for (std::size_t high = 0; high < sizes.size(); ++high) {
      if (high + 1 < sizes.size() && (borders >> high & 1U) == 0) continue;
      bytes += std::uint64_t{sizes[high]} * peakOf(steps, low, high);
      low = high + 1;
      ++pools;
    }
    best[pools - 1] = std::min(best[pools - 1], bytes);
  }
  ASSERT_EQ(answers.size(), sizes.size());
  for (std::size_t pools = 0; pools < best.size(); ++pools) {
    EXPECT_EQ(bytesOf(answers[pools]), best[pools]) << pools + 1 << " pools";
    EXPECT_EQ(answers[pools].size(), pools + 1);
  }
}

TEST(BlockSizesTest, TakeTheWorstOfSeveralDevices) {
  IntervalPeaks peaks({8});
  for (int block = 0; block < 3; ++block) peaks.take(0);
  peaks.endDevice();
  for (int block = 0; block < 2; ++block) peaks.take(0);
  peaks.endDevice();
  EXPECT_EQ(peaks.peak(0, 0), 3U);
}

TEST(BlockSizesTest, OfNothingAreNothing) { EXPECT_TRUE(bestBlockSizes(IntervalPeaks({}), 3).empty()); }

}  // namespace
}  // namespace millpond::sizing
