// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "lab/report/PolicySummary.h"
#include "lab/report/SummaryText.h"
#include "tests/lab/support/Runs.h"

namespace millpond::test {
namespace {

using lab::PolicySummary;
using lab::Spread;

constexpr double never = std::numeric_limits<double>::infinity();

TEST(Spread, IsTheLeastTheMiddleAndTheMost) {
  const Spread odd = Spread::of({5, 1, 3});
  EXPECT_EQ(odd.min, 1);
  EXPECT_EQ(odd.median, 3);
  EXPECT_EQ(odd.max, 5);
  EXPECT_EQ(Spread::of({4, 1, 2, 100}).median, 3);
  EXPECT_EQ(Spread::of({7}).median, 7);
  EXPECT_EQ(Spread::of({2, never, never}).median, never);
}

TEST(PolicySummary, CountsWhoFailedAndWhen) {
  const auto summaries = lab::summarize(
      {toJson(failedRun("tlsf", 1, 6)), toJson(run("tlsf", 2)), toJson(failedRun("tlsf", 3, 2))});
  ASSERT_EQ(summaries.size(), 1U);
  const PolicySummary& tlsf = summaries[0];
  EXPECT_EQ(tlsf.runs, 3U);
  EXPECT_EQ(tlsf.failed(), 2U);
  EXPECT_EQ(tlsf.alive(), 1U);
  EXPECT_EQ(tlsf.failed_on_day, (std::vector<double>{2, 6}));
  EXPECT_EQ(tlsf.first_failure_day.min, 2);
  EXPECT_EQ(tlsf.first_failure_day.median, 6);
  EXPECT_EQ(tlsf.first_failure_day.max, never);
}

TEST(PolicySummary, TellsTheEarliestFailureOfAllSeeds) {
  const auto summaries = lab::summarize({toJson(failedRun("tlsf", 8, 6)), toJson(failedRun("tlsf", 9, 2))});
  ASSERT_TRUE(summaries[0].earliest.has_value());
  EXPECT_EQ(summaries[0].earliest->seed, 9U);
  EXPECT_EQ(summaries[0].earliest->kind, "network");
  EXPECT_EQ(summaries[0].earliest->day, 2);
  EXPECT_EQ(summaries[0].earliest->bytes, 19200U);
  EXPECT_EQ(summaries[0].earliest->free, 80000U);
  EXPECT_EQ(summaries[0].earliest->largest, 18000U);
}

TEST(PolicySummary, CountsFailuresByClassAndDay) {
  lab::SoakResult result = failedRun("static", 1, 1);
  result.failures[static_cast<std::size_t>(lab::RequestClass::tls)] = 25;
  const PolicySummary summary = lab::summarize({toJson(result), toJson(run("static", 2))})[0];
  EXPECT_EQ(summary.failures_a_day[static_cast<std::size_t>(lab::RequestClass::tls)].max, 2.5);
  EXPECT_EQ(summary.failures_a_day[static_cast<std::size_t>(lab::RequestClass::tls)].min, 0);
  EXPECT_FALSE(summary.served(lab::RequestClass::tls));
  EXPECT_TRUE(summary.served(lab::RequestClass::pbuf));
  EXPECT_FALSE(summary.servedPooledClasses()) << "a network request failed";
}

TEST(PolicySummary, TakesTheWorstStepsAndTheSpreadOfTheRest) {
  lab::SoakResult slow = run("first-fit", 1);
  slow.allocate_steps = {.median = 3, .p999 = 40, .max = 60};
  slow.largest_free_min = 500;
  lab::SoakResult quick = run("first-fit", 2);
  quick.allocate_steps = {.median = 9, .p999 = 20, .max = 30};
  quick.largest_free_min = 900;
  quick.leaks = {{"session", 2, 64}, {"message", 1, 8}};
  const PolicySummary summary = lab::summarize({toJson(slow), toJson(quick)})[0];
  EXPECT_EQ(summary.allocate_steps.median, 9U);
  EXPECT_EQ(summary.allocate_steps.p999, 40U);
  EXPECT_EQ(summary.allocate_steps.max, 60U);
  EXPECT_EQ(summary.largest_free_min.min, 500);
  EXPECT_EQ(summary.largest_free_min.median, 700);
  EXPECT_EQ(summary.leaked_bytes.max, 72);
}

TEST(PolicySummary, KeepsTheOrderOfPolicies) {
  const auto summaries =
      lab::summarize({toJson(run("tlsf", 1)), toJson(run("pools", 1)), toJson(run("tlsf", 2))});
  ASSERT_EQ(summaries.size(), 2U);
  EXPECT_EQ(summaries[0].policy, "tlsf");
  EXPECT_EQ(summaries[0].runs, 2U);
  EXPECT_EQ(summaries[1].policy, "pools");
}

TEST(SummaryText, HasALineForEachPolicyAndTheSpread) {
  const std::string text =
      lab::summaryText(lab::loadScenario("adr-device"),
                       lab::summarize({toJson(run("pools", 1)), toJson(failedRun("tlsf", 1, 6.5)),
                                       toJson(failedRun("tlsf", 2, 8.5))}));
  EXPECT_NE(text.find("30000         16717, a TLS record          13283"), std::string::npos) << text;
  EXPECT_NE(text.find("30000         19200, a chunk of sound      10800"), std::string::npos) << text;
  EXPECT_NE(text.find("1 of 1"), std::string::npos) << text;
  EXPECT_NE(text.find("6.5 / 7.5 / 8.5"), std::string::npos) << text;
  EXPECT_NE(text.find("never"), std::string::npos) << text;
  EXPECT_NE(text.find("day 6.500 of seed 1, network: 19200 bytes refused with 80000 free, the largest 18000"),
            std::string::npos)
      << text;
}

}  // namespace
}  // namespace millpond::test
