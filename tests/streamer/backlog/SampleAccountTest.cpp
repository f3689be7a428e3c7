// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "streamer/backlog/SampleAccount.h"

namespace millpond::streamer {
namespace {

using Ranges = std::array<SampleRange, SampleAccount::kept_ranges>;

TEST(SampleAccount, MakesOneRangeOfNeighbours) {
  SampleAccount account;
  account.drop({10, 5});
  account.drop({15, 5});
  account.drop({30, 1});
  account.drop({40, 0});
  Ranges ranges;
  ASSERT_EQ(account.latestDrops(ranges), 2U);
  EXPECT_EQ(ranges[0], (SampleRange{10, 10}));
  EXPECT_EQ(ranges[1], (SampleRange{30, 1}));
  EXPECT_EQ(account.dropped, 11U);
}

TEST(SampleAccount, KeepsTheLatestRangesAndCountsAll) {
  SampleAccount account;
  for (std::uint64_t i = 0; i < 100; ++i) account.drop({i * 10, 1});
  Ranges ranges;
  ASSERT_EQ(account.latestDrops(ranges), SampleAccount::kept_ranges);
  EXPECT_EQ(ranges.front().first, 840U);
  EXPECT_EQ(ranges.back().first, 990U);
  EXPECT_EQ(account.dropRanges(), 100U);
  EXPECT_EQ(account.dropped, 100U);
}

}  // namespace
}  // namespace millpond::streamer
