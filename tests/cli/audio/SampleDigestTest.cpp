// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <span>

#include "cli/audio/SampleDigest.h"
#include "tests/cli/support/Audio.h"

namespace millpond::cli {
namespace {

SampleDigest digestOf(std::span<const std::int16_t> samples) {
  SampleDigest digest;
  for (const std::int16_t sample : samples) digest.add(sample);
  return digest;
}

TEST(SampleDigest, IsTheSameOfTheSameSamples) {
  const auto samples = test::noise(300001);
  for (const std::size_t count : {0UL, 1UL, 63UL, 64UL, 65UL, 65536UL, 65600UL, 300001UL}) {
    const auto part = std::span(samples).first(count);
    EXPECT_EQ(digestOf(part).firstDifference(digestOf(part)), std::nullopt) << count;
    EXPECT_EQ(digestOf(part).count(), count);
  }
}

TEST(SampleDigest, TellsTheStretchOfTheFirstDifferentSample) {
  auto samples = test::noise(300001);
  const SampleDigest right = digestOf(samples);  // stretches of 512
  for (const std::size_t at : {0UL, 511UL, 512UL, 150000UL, 299999UL, 300000UL}) {
    const std::int16_t was = samples[at];
    samples[at] = static_cast<std::int16_t>(was + 1);
    EXPECT_EQ(right.firstDifference(digestOf(samples)), at / 512 * 512) << at;
    samples[at] = was;
  }
  std::swap(samples[1000], samples[1001]);
  EXPECT_EQ(right.firstDifference(digestOf(samples)), 512U);
}

TEST(SampleDigest, TellsThatOneIsShorterHoweverShort) {
  const auto samples = test::noise(300001);
  const SampleDigest all = digestOf(samples);
  for (const std::size_t count : {0UL, 1UL, 64UL, 1000UL, 65536UL, 200001UL, 300000UL}) {
    const SampleDigest part = digestOf(std::span(samples).first(count));
    EXPECT_EQ(all.firstDifference(part), count / 512 * 512) << count;
    EXPECT_EQ(part.firstDifference(all), count / 512 * 512) << count;
  }
}

}  // namespace
}  // namespace millpond::cli
