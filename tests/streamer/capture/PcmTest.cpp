// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "streamer/capture/Pcm.h"

namespace millpond::streamer {
namespace {

TEST(Pcm, KeepsEverySixteenBitSample) {
  for (int sample = INT16_MIN; sample <= INT16_MAX; ++sample) {
    ASSERT_EQ(toPcm16(sample * 65536), sample);
  }
}

TEST(Pcm, RoundsToTheNearest) {
  EXPECT_EQ(toPcm16(0x00007F00), 0);
  EXPECT_EQ(toPcm16(0x00008000), 1);
  EXPECT_EQ(toPcm16(-0x00008000), 0);
  EXPECT_EQ(toPcm16(-0x00008100), -1);
}

TEST(Pcm, StopsAtTheLargestSample) {
  EXPECT_EQ(toPcm16(INT32_MAX), INT16_MAX);
  EXPECT_EQ(toPcm16(0x7FFFFF00), INT16_MAX);
  EXPECT_EQ(toPcm16(INT32_MIN), INT16_MIN);
}

}  // namespace
}  // namespace millpond::streamer
