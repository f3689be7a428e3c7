// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "lab/device/BuiltInScenarios.h"
#include "lab/policies/PoolSet.h"
#include "lab/report/Advice.h"
#include "lab/report/HeapDemand.h"
#include "lab/report/Page.h"
#include "lab/report/RunResult.h"

namespace millpond::lab {

namespace {

using Json = nlohmann::json;
using Runs = std::vector<const RunResult*>;

// JSON has no infinity: what never happened is null.
Json finite(double value) { return std::isinf(value) ? Json(nullptr) : Json(value); }

Json dataOf(const Spread& spread) { return {finite(spread.min), finite(spread.median), finite(spread.max)}; }

Json dataOf(const StepSpread& steps) {
  return {{"median", steps.median}, {"p999", steps.p999}, {"max", steps.max}};
}

Json dataOf(const std::optional<EarliestFailure>& first) {
  if (!first) return nullptr;
  return {{"seed", first->seed},   {"class", first->kind}, {"day", first->day},
          {"bytes", first->bytes}, {"free", first->free},  {"largest", first->largest}};
}

Json dataOf(const PolicySummary& summary) {
  Json failures = Json::object();
  for (std::size_t kind = 0; kind < request_classes; ++kind) {
    failures[request_class_names[kind]] = dataOf(summary.failures_a_day[kind]);
  }
  return {{"policy", summary.policy},
          {"runs", summary.runs},
          {"alive", summary.alive()},
          {"failed_on_day", summary.failed_on_day},
          {"earliest", dataOf(summary.earliest)},
          {"first_failure_day", dataOf(summary.first_failure_day)},
          {"failures_a_day", failures},
          {"sound_lost_percent", dataOf(summary.sound_lost_percent)},
          {"largest_free_min", dataOf(summary.largest_free_min)},
          {"largest_request_min", dataOf(summary.largest_request_min)},
          {"held_peak", dataOf(summary.held_peak)},
          {"leaked_bytes", dataOf(summary.leaked_bytes)},
          {"heap_bytes_from_pooled_classes", summary.heap_bytes_from_pooled_classes},
          {"steps",
           {{"alloc", dataOf(summary.allocate_steps)},
            {"free", dataOf(summary.release_steps)},
            {"pooled",
             {{"alloc", dataOf(summary.pooled_allocate_steps)},
              {"free", dataOf(summary.pooled_release_steps)}}}}}};
}

constexpr std::size_t moments = 100;

// The figures of all runs' samples from number `from` up to, but without, number `to`.
Spread spreadOfLooks(const Runs& runs, const char* figure, std::size_t from, std::size_t to) {
  std::vector<double> values;
  for (const Json* run : runs) {
    const Json& looks = run->at("timeline");
    for (std::size_t i = from; i < std::min(to, looks.size()); ++i) {
      values.push_back(std::round(looks[i].at(figure).get<double>() * 1000) / 1000);
    }
  }
  return Spread::of(values);
}

constexpr std::array charted{"largest", "fragmentation"};

// The least, median and most of each figure in each of these intervals. Leaves out the first sample, which is
// taken before boot.
Json overTime(const Runs& runs) {
  Json result{{"day", Json::array()}};
  for (const char* figure : charted) result[figure] = Json::array();
  const Json& looks = runs.front()->at("timeline");
  const std::size_t width = std::max<std::size_t>(1, looks.size() / moments);
  for (std::size_t from = 1; from < looks.size(); from += width) {
    result["day"].push_back(looks[from].at("t_s").get<double>() / seconds_a_day);
    for (const char* figure : charted) {
      result[figure].push_back(dataOf(spreadOfLooks(runs, figure, from, from + width)));
    }
  }
  return result;
}

// The areas of RAM that a policy sets apart, in address order.
Json regionsOf(const Scenario& scenario, const std::string& policy) {
  Json regions = Json::array();
  std::uint64_t at = 0;
  const auto add = [&](const char* name, std::uint64_t bytes) {
    regions.push_back({{"name", name}, {"from", at}});
    at += bytes;
  };
  add("static", scenario.ram.static_bytes);
  if (policy.starts_with("pools")) {
    const Scenario::Pools& pools = scenario.pools;
    add("audio", std::uint64_t{pools.audio_blocks} * pools.audio_block_bytes);
    add("network", std::uint64_t{pools.network_blocks} * pools.network_block_bytes);
    add("general", std::uint64_t{pools.general_granules} * pools.general_granule_bytes + PoolSet::side_bytes);
  }
  if (policy == "pools+net") {
    const Scenario::NetPools& pools = scenario.net_pools;
    add("pbufs", std::uint64_t{pools.pbuf_blocks} * pools.pbuf_block_bytes);
    add("TLS", std::uint64_t{pools.tls_blocks} * pools.tls_block_bytes +
                   std::uint64_t{pools.tls_granules} * pools.tls_granule_bytes + PoolSet::side_bytes);
  }
  add(policy == "static" ? "buffers" : "heap", 0);
  return regions;
}

// The seed with the most informative map: which most policies have, and where most of them failed; among
// these the lowest.
std::uint64_t tellingSeed(const std::vector<Json>& runs) {
  std::map<std::uint64_t, std::pair<int, int>> finished_and_failed;
  for (const Json& run : runs) {
    auto& [finished, failed] = finished_and_failed[run.at("seed")];
    ++finished;
    failed += run.at("first_failure").is_null() ? 0 : 1;
  }
  return std::ranges::max_element(finished_and_failed, {}, [](const auto& entry) { return entry.second; })
      ->first;
}

Json mapOf(const Json& run) {
  Json map = run.at("map");
  map["failed_on_day"] = finite(failureDay(run));
  map["failure"] = run.at("first_failure");
  return map;
}

Json policyData(const PageSubject& subject, const PolicySummary& summary, const std::vector<Json>& all,
                std::uint64_t map_seed) {
  Json data = dataOf(summary);
  const Runs runs = runsOf(all, summary.policy);
  for (const Json* run : runs) {
    if (run->at("seed") == map_seed) data["map"] = mapOf(*run);
  }
  data["over_time"] = overTime(runs);
  const std::optional<HeapDemand> demand = largestOnHeap(subject.scenario, summary.policy);
  data["demand"] = demand ? Json{{"bytes", demand->bytes}, {"what", demand->what}} : Json(nullptr);
  data["regions"] = regionsOf(subject.scenario, summary.policy);
  return data;
}

Json devicesOf(const std::vector<Json>& runs) {
  Json devices = Json::array();
  for (const Json& run : runs) {
    devices.push_back({{"policy", run.at("policy")},
                       {"seed", run.at("seed")},
                       {"failed_on_day", finite(failureDay(run))},
                       {"largest_free_min", run.at("largest_free_min")},
                       {"leak_watch", run.at("leak_watch")},
                       {"digest", run.at("digest")}});
  }
  return devices;
}

// What each warning of the runs says, once.
std::set<std::string> warningsIn(const std::vector<Json>& runs) {
  std::set<std::string> texts;
  for (const Json& run : runs) {
    for (const Json& warning : run.at("warnings")) texts.insert(warning.at("text").get<std::string>());
  }
  return texts;
}

Json scenarioOf(const PageSubject& subject) {
  const BuiltInScenario& base = built_in_scenarios.front();
  Json json{{"name", subject.scenario.name}, {"text", subject.scenario_text}, {"base", nullptr}};
  if (subject.scenario_text != base.text) json["base"] = base.text;
  return json;
}

Json dataOf(const std::vector<BacklogPoint>& curve) {
  Json points = Json::array();
  for (const BacklogPoint& point : curve) {
    points.push_back({{"policy", point.policy},
                      {"bytes", point.backlog_bytes},
                      {"runs", point.runs},
                      {"without_refusal", point.without_refusal},
                      {"sound_lost_percent", point.sound_lost_percent},
                      {"refused_a_day", point.refused_a_day}});
  }
  return points;
}

}  // namespace

nlohmann::json pageData(const PageSubject& subject, const std::vector<nlohmann::json>& runs,
                        const std::vector<PolicySummary>& summaries) {
  const std::uint64_t map_seed = tellingSeed(runs);
  std::uint64_t events = 0;
  for (const Json& run : runs) events += run.at("events").get<std::uint64_t>();
  Json policies = Json::array();
  for (const PolicySummary& summary : summaries)
    policies.push_back(policyData(subject, summary, runs, map_seed));
  return {{"scenario", scenarioOf(subject)},
          {"command", subject.command},
          {"version", subject.version},
          {"days", subject.days},
          {"seeds", subject.seeds},
          {"seconds", subject.seconds},
          {"events", events},
          {"unfinished", subject.unfinished},
          {"ram", {{"total_bytes", subject.scenario.ram.total_bytes}}},
          {"backlog_bytes", subject.scenario.backlogBytes()},
          {"backlog", dataOf(subject.backlog)},
          {"backlog_days", subject.backlog_days},
          {"backlog_seeds", subject.backlog_seeds},
          {"classes", request_class_names},
          {"map_seed", map_seed},
          {"policies", policies},
          {"devices", devicesOf(runs)},
          {"warnings", warningsIn(runs)},
          {"advice", adviceOf(subject.scenario, summaries)}};
}

}  // namespace millpond::lab
