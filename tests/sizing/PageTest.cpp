// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sizing/Page.h"

namespace millpond::sizing {
namespace {

constexpr const char* hostile = "</script><!--<script>";

// Two sources with a peak between slices of time that the page must keep.
Workload paged() {
  Workload workload;
  workload.pools = {{"audio", false, 4, 4096}};
  workload.devices.push_back({.name = "kitchen", .log = {}});
  DemandLog& log = workload.devices[0].log;
  const Request capture{0, workload.sources.of("capture"), 4000};
  const Request other{0, workload.sources.of(hostile), 100};
  log.give(1000, log.take(0, capture));
  const auto held = log.take(500'000'000, capture);
  const auto brief = log.take(500'000'001, other);
  log.give(500'000'002, brief);
  log.give(900'000'000, held);
  return workload;
}

nlohmann::json dataIn(const std::string& page) {
  const std::string opens = "<script type=\"application/json\" id=\"data\">";
  const std::size_t start = page.find(opens) + opens.size();
  return nlohmann::json::parse(page.substr(start, page.find("</script>", start) - start));
}

TEST(TuningPageTest, HasItsDataWhateverTheNamesOfSources) {
  const Workload workload = paged();
  const nlohmann::json data = dataIn(tuningPage(workload, tune(workload, {})));
  EXPECT_EQ(data["answer"]["bytes"], 2 * 4000);
  EXPECT_EQ(data["timelines"][0]["sources"], (nlohmann::json{"capture", hostile}));
  EXPECT_EQ(data["timelines"][0]["holders_at_peak"].size(), 2U);
}

TEST(TuningPageTest, KeepsAPeakBetweenTwoSlices) {
  const Workload workload = paged();
  const nlohmann::json rows = dataIn(tuningPage(workload, tune(workload, {})))["timelines"][0]["rows"];
  EXPECT_EQ(rows.size(), 600U);
  std::uint32_t most = 0;
  for (const nlohmann::json& row : rows) most = std::max(most, row[1].get<std::uint32_t>());
  EXPECT_EQ(most, 2U);
}

TEST(TuningPageTest, NeedsNothingFromANetwork) {
  const Workload workload = paged();
  const std::string page = tuningPage(workload, tune(workload, {}));
  EXPECT_EQ(page.find(" src="), std::string::npos);
  EXPECT_EQ(page.find("<link rel=\"stylesheet"), std::string::npos);
}

}  // namespace
}  // namespace millpond::sizing
