// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "lab/report/HeapDemand.h"
#include "lab/report/Page.h"
#include "lab/report/ReportParts.h"
#include "tests/lab/support/Runs.h"

namespace millpond::test {
namespace {

using Json = nlohmann::json;

/// Looks and map rows as `pictures` gives them, with a hole that shrinks to `least`.
Json pictured(lab::SoakResult result, std::uint32_t least) {
  for (std::uint32_t look = 0; look < 5; ++look) {
    const std::uint32_t largest = 40000 - look * (40000 - least) / 4;
    result.timeline.push_back({look * 2 * 86400'000'000ULL, 50000, largest, 2'000'000'000, 100000});
    result.map.push_back({look * 2 * 86400'000'000ULL, {0, 128, 255}, {0, 3, 6}});
  }
  if (result.first_failure) result.map_at_failure = result.map.back();
  return toJson(result);
}

lab::PageSubject subject() {
  return {.scenario = lab::loadScenario("adr-device"),
          .scenario_text = "# nothing </script><b>else</b>",
          .command = "millpond compare",
          .version = "1.2.3",
          .days = 10,
          .seeds = 2,
          .seconds = 1,
          .unfinished = 0,
          .backlog = {}};
}

std::vector<Json> runs() {
  return {pictured(run("pools", 1), 30000), pictured(run("pools", 2), 20000), pictured(run("tlsf", 1), 10000),
          pictured(failedRun("tlsf", 2, 6), 8000)};
}

Json data() { return lab::pageData(subject(), runs(), lab::summarize(runs())); }

TEST(PageData, HasAPolicyEachWithItsFailures) {
  const Json policies = data()["policies"];
  ASSERT_EQ(policies.size(), 2U);
  EXPECT_EQ(policies[0]["policy"], "pools");
  EXPECT_EQ(policies[0]["alive"], 2);
  EXPECT_EQ(policies[0]["earliest"], nullptr);
  EXPECT_EQ(policies[1]["failed_on_day"], Json({6.0}));
  EXPECT_EQ(policies[1]["earliest"]["largest"], 18000);
  EXPECT_EQ(policies[1]["first_failure_day"], Json({6.0, nullptr, nullptr})) << "JSON has no infinity";
}

TEST(PageData, SpreadsTheLooksOverSeedsAndLeavesOutTheFirst) {
  const Json over_time = data()["policies"][0]["over_time"];
  EXPECT_EQ(over_time["day"], Json({2.0, 4.0, 6.0, 8.0}));
  EXPECT_EQ(over_time["largest"][3], Json({20000.0, 25000.0, 30000.0}));
  EXPECT_EQ(over_time["fragmentation"][3], Json({0.4, 0.5, 0.6}));
}

TEST(PageData, ShowsTheMapOfTheSeedInWhichMostFailed) {
  EXPECT_EQ(data()["map_seed"], 2);
  EXPECT_EQ(data()["policies"][0]["map"]["rows"][0]["cells"], "0hz");
  EXPECT_EQ(data()["policies"][0]["map"]["rows"][0]["kinds"], "03-");
  EXPECT_EQ(data()["policies"][0]["map"]["failed_on_day"], nullptr);
  EXPECT_EQ(data()["policies"][0]["map"]["at_failure"], nullptr);
  const Json failed = data()["policies"][1]["map"];
  EXPECT_EQ(failed["failed_on_day"], 6.0);
  EXPECT_EQ(failed["failure"]["bytes"], 19200);
  EXPECT_EQ(failed["at_failure"]["cells"], "0hz");
}

TEST(PageData, MapsASeedThatAllPoliciesHaveFinished) {
  const std::vector<Json> unequal{pictured(run("pools", 1), 30000), pictured(run("tlsf", 1), 10000),
                                  pictured(failedRun("pools", 2, 6), 8000)};
  EXPECT_EQ(lab::pageData(subject(), unequal, lab::summarize(unequal))["map_seed"], 1);
}

TEST(PageData, HoldsEachHeapAgainstTheLargestRequestThatItMustServe) {
  const Json policies = data()["policies"];
  EXPECT_EQ(policies[0]["demand"], (Json{{"bytes", 16717}, {"what", "a TLS record"}}));
  EXPECT_EQ(policies[1]["demand"], (Json{{"bytes", 19200}, {"what", "a chunk of sound"}}));
  const lab::Scenario scenario = lab::loadScenario("adr-device");
  EXPECT_EQ(lab::largestOnHeap(scenario, "pools+net"), (lab::HeapDemand{1000, "a session's object"}));
  EXPECT_EQ(lab::largestOnHeap(scenario, "static"), std::nullopt);
  lab::Scenario oversize = scenario;
  oversize.pools.network_block_bytes = 19000;
  EXPECT_EQ(lab::largestOnHeap(oversize, "pools")->bytes, 19200U)
      << "what no pool can serve is asked of the heap";
  EXPECT_LT(lab::largestOnHeap(lab::loadScenario("psram"), "pools")->bytes, 16717U)
      << "it is not in this RAM";
}

TEST(PageData, HasWhatABacklogBuysAndWhatIsMissing) {
  lab::PageSubject partial = subject();
  partial.unfinished = 3;
  partial.backlog = lab::backlogCurve(runs());
  const Json json = lab::pageData(partial, runs(), lab::summarize(runs()));
  EXPECT_EQ(json["unfinished"], 3);
  EXPECT_EQ(json["backlog"][1]["policy"], "tlsf");
  EXPECT_EQ(json["backlog"][1]["without_refusal"], 1);
  EXPECT_EQ(json["backlog_bytes"], 38400);
}

TEST(PageData, TellsWhereThePartsOfRamBegin) {
  const Json pools = data()["policies"][0]["regions"];
  EXPECT_EQ(pools[0], (Json{{"name", "static"}, {"from", 0}}));
  EXPECT_EQ(pools[1], (Json{{"name", "audio"}, {"from", 16384}}));
  EXPECT_EQ(pools[2], (Json{{"name", "network"}, {"from", 16384 + 4 * 4096}}));
  EXPECT_EQ(data()["policies"][1]["regions"].size(), 2U) << "TLSF has static buffers and a heap";
}

TEST(PageData, HasTheBaseOfAScenarioThatSaysLess) {
  EXPECT_NE(data()["scenario"]["base"].get<std::string>().find("[capture]"), std::string::npos);
  lab::PageSubject whole = subject();
  whole.scenario_text = lab::scenarioText("adr-device");
  EXPECT_EQ(lab::pageData(whole, runs(), lab::summarize(runs()))["scenario"]["base"], nullptr);
}

TEST(Page, HasNoMarkupInItsDataWhateverTextsItIsGiven) {
  const std::string hostile = "x<!--<script></script>&{{d3}}";
  lab::PageSubject named = subject();
  named.scenario.name = named.scenario_text = named.command = named.version = hostile;
  std::vector<Json> of_plugin = runs();
  for (Json& run : of_plugin) {
    if (run["policy"] == "tlsf") run["policy"] = "plugin:" + hostile;
  }
  const auto summaries = lab::summarize(of_plugin);
  const std::string page = lab::reportPage(named, of_plugin, summaries);
  const std::string open = "<script type=\"application/json\" id=\"data\">";
  const std::size_t start = page.find(open) + open.size();
  const std::string embedded = page.substr(start, page.find("</script>", start) - start);
  EXPECT_EQ(embedded.find('<'), std::string::npos);
  EXPECT_EQ(Json::parse(embedded), lab::pageData(named, of_plugin, summaries));
}

TEST(Page, HasAllPartsInItself) {
  const std::string page = lab::reportPage(subject(), runs(), lab::summarize(runs()));
  for (const char* part : {"{{style}}", "{{data}}", "{{d3}}", "{{script}}"}) {
    EXPECT_NE(lab::report_parts.html.find(part), std::string::npos) << part;
    EXPECT_EQ(page.find(part), std::string::npos) << part;
  }
  for (const char* outside : {"http", "src=", "@import"}) {
    EXPECT_EQ(lab::report_parts.html.find(outside), std::string::npos) << outside;
  }
}

}  // namespace
}  // namespace millpond::test
