// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "streamer/capture/ToneSource.h"
#include "streamer/wire/AudioFormat.h"

namespace millpond::streamer {
namespace {

std::vector<std::int32_t> readAll(ToneSource& source, std::size_t step) {
  std::vector<std::int32_t> all;
  std::vector<std::int32_t> some(step);
  while (const std::size_t count = source.read(some)) {
    all.insert(all.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return all;
}

TEST(ToneSource, GivesAsManyFramesAsItWasToldTo) {
  ToneSource source(440, 10001);
  EXPECT_EQ(readAll(source, 4096).size(), 10001U);
}

TEST(ToneSource, GivesTheSameHoweverItIsRead) {
  ToneSource one(440, 9000);
  ToneSource other(440, 9000);
  EXPECT_EQ(readAll(one, 4096), readAll(other, 77));
}

TEST(ToneSource, GivesFramesAsTheMicrophoneDoes) {
  ToneSource source(1000, sample_rate);
  const auto frames = readAll(source, 4096);
  int crossings = 0;
  for (std::size_t i = 1; i < frames.size(); ++i) crossings += (frames[i - 1] < 0) != (frames[i] < 0) ? 1 : 0;
  EXPECT_NEAR(crossings, 2000, 2);
  EXPECT_TRUE(
      std::all_of(frames.begin(), frames.end(), [](std::int32_t frame) { return (frame & 0xFF) == 0; }));
  EXPECT_NEAR(*std::max_element(frames.begin(), frames.end()), 1 << 30, 1 << 20);
}

}  // namespace
}  // namespace millpond::streamer
