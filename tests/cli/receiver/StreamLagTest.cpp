// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "cli/receiver/StreamLag.h"

namespace millpond::cli {
namespace {

TEST(StreamLag, IsTheSoundThatIsOutstandingAndNotTheDriftOfAClock) {
  using std::chrono::seconds;
  constexpr std::uint32_t thousand = 1000;
  const StreamLag::Time start{seconds(1'000'000)};
  StreamLag lag;
  EXPECT_EQ(lag.at(start), 0);
  lag.arrived(start, 5000, thousand);  // it had sound from before
  EXPECT_NEAR(lag.at(start), 0, 1e-6);
  EXPECT_NEAR(lag.at(start + seconds(2)), 2, 0.01);
  lag.arrived(start + seconds(2), 7000, thousand);
  EXPECT_NEAR(lag.at(start + seconds(2)), 0, 0.01);
  lag.arrived(start + seconds(20), 8000, thousand);  // it was away, and has begun to catch up
  EXPECT_NEAR(lag.at(start + seconds(20)), 17, 0.01);
  lag.arrived(start + seconds(21), 26000, thousand);
  EXPECT_NEAR(lag.at(start + seconds(21)), 0, 0.01);
  StreamLag slow;  // by 100 ppm, for a day
  for (int i = 0; i <= 1440; ++i)
    slow.arrived(start + seconds(60 * i), static_cast<std::uint64_t>(59'994) * static_cast<unsigned>(i),
                 thousand);
  EXPECT_LT(slow.at(start + seconds(60 * 1440)), 0.1);
}

}  // namespace
}  // namespace millpond::cli
