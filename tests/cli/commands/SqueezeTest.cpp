// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/cli/support/Command.h"
#include "tests/support/TempFolder.h"

namespace millpond::test {
namespace {

/// Returns: where in the list of levels the first of this name is.
std::size_t firstAt(const nlohmann::json& levels, const std::string& name) {
  const auto found =
      std::find_if(levels.begin(), levels.end(), [&](const auto& change) { return change["level"] == name; });
  return static_cast<std::size_t>(found - levels.begin());
}

// At its natural pace, so that a busy machine cannot make it lose anything: six seconds is the least it
// takes.
TEST(Squeeze, WarnsBeforeItIsCriticalGivesBackInOrderAndLosesNothing) {
  const TempFolder folder;
  const Finished finished = runToEnd(millpond(
      {"run", "--squeeze", "--tone", "6", "--speed", "1", "--out", folder.path().string(), "--json"}));
  EXPECT_EQ(finished.status, 0) << finished.err;
  const nlohmann::json json = parse(finished.out);

  const nlohmann::json& levels = json["pressure"];
  ASSERT_GE(levels.size(), 3U);
  EXPECT_EQ(levels.front()["level"], "warning");
  EXPECT_LT(firstAt(levels, "warning"), firstAt(levels, "critical"));
  EXPECT_LT(firstAt(levels, "critical"), levels.size());
  EXPECT_EQ(levels.back()["level"], "normal");

  // Each round starts with the first of them; later ones follow only those before.
  const std::vector<std::string> order{"level meter", "chunk size", "backlog"};
  ASSERT_FALSE(json["reclaims"].empty());
  std::size_t expected = 0;
  double last = 0;
  for (const auto& reclaim : json["reclaims"]) {
    if (reclaim["name"] == order[0]) expected = 0;
    ASSERT_LT(expected, order.size());
    EXPECT_EQ(reclaim["name"], order[expected++]);
    EXPECT_GE(reclaim["t"].get<double>(), last);
    last = reclaim["t"];
    EXPECT_TRUE(reclaim["bytes"].is_number_unsigned());
  }
  EXPECT_GE(json["reclaims"].front()["t"], levels.front()["t"]);

  EXPECT_GE(json["pool_releases"], 1);
  EXPECT_EQ(json["pool_reacquires"], json["pool_releases"]);
  EXPECT_EQ(json["unexplained_loss"], 0);
  EXPECT_EQ(json["dropped"], 0);
  EXPECT_EQ(json["samples_out"], 96000);
  EXPECT_EQ(json["identical"], true);
  EXPECT_EQ(json["pools"][0]["exhausted"], 0) << "an audio request failed";
  EXPECT_TRUE(json["leaks"].empty());
  EXPECT_EQ(json["platform_heap_calls"], 0);
}

}  // namespace
}  // namespace millpond::test
