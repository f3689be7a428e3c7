// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <cmath>
#include <queue>
#include <random>

#include "sizing/Extrapolation.h"

namespace millpond::sizing {
namespace {

constexpr double day = 86400;
constexpr Horizon month{30 * day, 1e-3};

// Requests at random, `rate` per second, each held for `life` seconds on average.
DemandCurve poisson(double rate, double life, double seconds, std::uint32_t seed) {
  std::mt19937_64 random(seed);
  std::exponential_distribution<double> next(rate);
  std::exponential_distribution<double> lives(1 / life);
  std::priority_queue<std::pair<double, double>, std::vector<std::pair<double, double>>, std::greater<>> ends;
  DemandCurve curve;
  const auto micros = [](double time) { return static_cast<std::uint64_t>(time * 1e6); };
  for (double time = next(random); time < seconds; time += next(random)) {
    for (; !ends.empty() && ends.top().first < time; ends.pop()) {
      curve.give(micros(ends.top().first), micros(ends.top().second));
    }
    curve.take(micros(time), 0);
    const double held = lives(random);
    ends.emplace(time + held, held);
  }
  curve.endDevice(0, micros(seconds));
  return curve;
}

// Erlang's law for a load of 8 and a request every half second: demand passes 32 blocks with a risk below
// 1e-3 within a month, and 31 with more.
TEST(ExtrapolationTest, IsNeitherShortNorFarFromTheTruth) {
  for (std::uint32_t seed = 1; seed <= 3; ++seed) {
    const Extrapolation result = extrapolate(poisson(2, 4, day, seed), month);
    ASSERT_TRUE(result.blocks) << "seed " << seed;
    EXPECT_GE(*result.blocks, 32U) << "seed " << seed;
    EXPECT_LE(*result.blocks, 42U) << "seed " << seed;
    EXPECT_GE(result.low_crossings, 10 * result.high_crossings);
    EXPECT_GE(result.high_crossings, 20);
  }
}

TEST(ExtrapolationTest, LossRatesAreErlangsForSingleBlocks) {
  const std::vector<double> rates = lossRates(2, 8, {0, 1}, 20);
  double poisson_share = std::exp(-8.0);
  for (std::uint32_t level = 0; level <= 20; ++level) {
    EXPECT_NEAR(rates[level], 2 * poisson_share, 1e-12) << level;
    poisson_share *= 8.0 / (level + 1);
  }
}

TEST(ExtrapolationTest, ABatchCrossesEveryLevelUpToItsSize) {
  const std::vector<double> rates = lossRates(1, 1e-9, {0, 0, 0, 1}, 3);
  EXPECT_NEAR(rates[0], 1, 1e-6);
  EXPECT_NEAR(rates[2], 1, 1e-6);
  EXPECT_NEAR(rates[3], 0, 1e-6);
}

TEST(ExtrapolationTest, AbstainsFromATraceTooShortAndSaysWhatLengthWouldDo) {
  const DemandCurve curve = poisson(0.01, 100, 3600, 1);  // some 36 requests
  const Extrapolation result = extrapolate(curve, month);
  EXPECT_FALSE(result.blocks);
  EXPECT_NE(result.why.find("too short"), std::string::npos);
  EXPECT_GT(result.length_needed, 3600);
  const Extrapolation longer = extrapolate(poisson(0.01, 100, 2 * result.length_needed, 1), month);
  EXPECT_TRUE(longer.blocks);
}

// Two buffers in turn, as an uplink has them: independent requests of this load would often take more.
TEST(ExtrapolationTest, TakesNoFormulaThatTheTraceRefutes) {
  DemandCurve curve;
  constexpr std::uint64_t second_us = 1'000'000;
  for (std::uint64_t time = 0; time < 40'000 * second_us; time += second_us) {
    curve.take(time, 0);
    curve.take(time + 300'000, 0);
    curve.give(time + 600'000, 600'000);
    curve.give(time + 900'000, 600'000);
  }
  curve.endDevice(0, 40'000 * second_us);
  const Extrapolation result = extrapolate(curve, month);
  EXPECT_TRUE(result.erlangRefuted());
  EXPECT_GT(result.erlang, 8U);
  EXPECT_EQ(result.high_level, 2U) << "never passed, so counted as seldom as can be told";
  EXPECT_LE(*result.blocks, 5U);
}

TEST(ExtrapolationTest, NeedsNothingForNoDemand) {
  DemandCurve curve;
  curve.endDevice(0, 1'000'000);
  EXPECT_EQ(extrapolate(curve, month).blocks, 0U);
}

TEST(ExtrapolationTest, OneDeviceMoreIsOneTraceLonger) {
  DemandCurve curve;
  for (int device = 0; device < 3; ++device) {
    curve.take(10, 0);
    curve.take(20, 0);
    curve.give(30, 20);
    curve.take(40, 0);
    curve.endDevice(0, 1'000'000);
  }
  EXPECT_EQ(curve.crossings(0), 3U);
  EXPECT_EQ(curve.crossings(1), 6U);
  EXPECT_EQ(curve.crossings(2), 0U);
  EXPECT_EQ(curve.peak(), 2U);
  EXPECT_DOUBLE_EQ(curve.seconds(), 3);
  EXPECT_EQ(curve.batches(), 3U) << "requests within a millisecond are one batch";
}

// "Rule of three": 2995 months without a failure for a risk of 1e-3, at 95 %.
TEST(ExtrapolationTest, WithoutAModelTakesThreeOverTheRiskInHorizons) {
  EXPECT_NEAR(modelFreeRisk(3000 * month.seconds, month.seconds), 1e-3, 1e-12);
  EXPECT_DOUBLE_EQ(modelFreeRisk(day, month.seconds), 1);
}

}  // namespace
}  // namespace millpond::sizing
