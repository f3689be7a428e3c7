// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "lab/report/BacklogCurve.h"
#include "lab/report/Fleet.h"
#include "tests/lab/support/Runs.h"

namespace millpond::test {
namespace {

nlohmann::json held(lab::SoakResult result, std::uint32_t backlog, double lost_s) {
  result.backlog_bytes = backlog;
  result.sound_lost_s = lost_s;
  return toJson(result);
}

TEST(BacklogCurve, HasAPointForEachPolicyAndBacklogInOrder) {
  const std::vector<nlohmann::json> runs{
      held(run("pools", 1), 40000, 8640), held(run("tlsf", 1), 40000, 17280),
      held(failedRun("tlsf", 2, 3), 40000, 0), held(run("pools", 1), 20000, 86400)};
  const std::vector<lab::BacklogPoint> curve = lab::backlogCurve(runs);
  ASSERT_EQ(curve.size(), 3U);
  EXPECT_EQ(curve[0].policy, "pools");
  EXPECT_EQ(curve[0].backlog_bytes, 20000U);
  EXPECT_DOUBLE_EQ(curve[0].sound_lost_percent, 10);
  EXPECT_EQ(curve[1].backlog_bytes, 40000U);
  EXPECT_DOUBLE_EQ(curve[1].sound_lost_percent, 1);
  EXPECT_EQ(curve[2].policy, "tlsf");
  EXPECT_EQ(curve[2].runs, 2U);
  EXPECT_EQ(curve[2].without_refusal, 1U);
  EXPECT_DOUBLE_EQ(curve[2].sound_lost_percent, 1);
  EXPECT_DOUBLE_EQ(curve[2].refused_a_day, 1) << "20 of one device in ten days of two";
  EXPECT_EQ(lab::allThatFits(curve, "pools"), 40000U);
  EXPECT_EQ(lab::allThatFits(curve, "tlsf"), 0U);
  const std::string text = lab::backlogText(curve);
  EXPECT_NE(text.find("pools: up to 40000 bytes of backlog nothing was refused\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("tlsf: something was refused with every backlog\n"), std::string::npos) << text;
}

TEST(BacklogCurve, WhatFitsEndsAtTheFirstRefusal) {
  const std::vector<nlohmann::json> runs{
      held(run("tlsf", 1), 1000, 0), held(failedRun("tlsf", 1, 3), 2000, 0), held(run("tlsf", 1), 3000, 0)};
  EXPECT_EQ(lab::allThatFits(lab::backlogCurve(runs), "tlsf"), 1000U);
}

TEST(Fleet, ADeviceMayHoldBackMoreAndIsLeftOutWhereThereIsNoRoom) {
  const lab::Scenario scenario = lab::loadScenario("adr-device");
  const auto result = lab::runFleet(scenario, {{"pools", 1, 0}, {"pools", 1, 60000}, {"pools", 1, 180000}},
                                    {.days = 0.01, .jobs = 1, .pictures = true, .progress = {}, .stop = {}});
  ASSERT_EQ(result.runs.size(), 2U);
  EXPECT_EQ(result.runs[0]["backlog_bytes"], 38400);
  EXPECT_TRUE(result.runs[0].contains("map"));
  EXPECT_EQ(result.runs[1]["backlog_bytes"], 57600);
  EXPECT_FALSE(result.runs[1].contains("map"));
  EXPECT_TRUE(result.broken.empty());
  ASSERT_EQ(result.unfit.size(), 1U);
  EXPECT_EQ(result.unfit[0].find("the run on pools, seed 1, with a backlog of 180000 bytes: "), 0U)
      << result.unfit[0];
}

}  // namespace
}  // namespace millpond::test
