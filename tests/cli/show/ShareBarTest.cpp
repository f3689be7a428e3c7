// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "cli/show/ShareBar.h"

namespace millpond::test {
namespace {

TEST(ShareBar, TellsShareCountAndTimeLeft) {
  const std::string text = cli::shareText(0.25, 100, "device-days", 1500, 79);
  EXPECT_NE(text.find(" 25 %  5 min 00 s left  375 of 1500 device-days"), std::string::npos) << text;
  EXPECT_NE(cli::shareText(0.5, 20, "days", 1, 79).find("20 s left"), std::string::npos);
}

TEST(ShareBar, TellsNoTimeLeftBeforeAnythingIsDone) {
  EXPECT_EQ(cli::shareText(0, 3, "days", 10, 79).find("left"), std::string::npos);
}

TEST(ShareBar, FillsWithTheShare) {
  const std::string full = "█";
  const std::string none = cli::shareText(0, 1, "days", 1, 79);
  const std::string all = cli::shareText(1, 1, "days", 1, 79);
  EXPECT_EQ(none.find(full), std::string::npos);
  EXPECT_EQ(all.find("░"), std::string::npos);
}

TEST(ShareBar, KeepsShareAndTimeLeftOnANarrowTerminal) {
  EXPECT_EQ(cli::shareText(0.25, 100, "device-days", 1500, 40), "25 %  5 min 00 s left  375 of 1500 devic");
}

}  // namespace
}  // namespace millpond::test
