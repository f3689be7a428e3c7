// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/report/BacklogCurve.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "lab/report/RunResult.h"

namespace millpond::lab {

namespace {

double refused(const RunResult& run) {
  double requests = 0;
  for (const auto& [kind, count] : run.at("failures").items()) requests += count.get<double>();
  return requests;
}

BacklogPoint pointOf(const std::string& policy, std::uint64_t bytes,
                     const std::vector<const RunResult*>& runs) {
  BacklogPoint point{
      .policy = policy, .backlog_bytes = bytes, .runs = runs.size(), .largest_free_min = UINT32_MAX};
  for (const RunResult* run : runs) {
    const auto days = run->at("days").get<double>() * static_cast<double>(runs.size());
    point.without_refusal += run->at("first_failure").is_null() ? 1U : 0U;
    point.sound_lost_percent += run->at("sound_lost_s").get<double>() / (days * seconds_a_day) * 100;
    point.refused_a_day += refused(*run) / days;
    point.largest_free_min =
        std::min(point.largest_free_min, run->at("largest_free_min").get<std::uint32_t>());
  }
  return point;
}

std::vector<std::string> policiesOf(const std::vector<BacklogPoint>& curve) {
  std::vector<std::string> policies;
  for (const BacklogPoint& point : curve) {
    if (policies.empty() || policies.back() != point.policy) policies.push_back(point.policy);
  }
  return policies;
}

}  // namespace

std::vector<BacklogPoint> backlogCurve(const std::vector<RunResult>& runs) {
  std::vector<BacklogPoint> curve;
  std::vector<std::string> policies;
  for (const RunResult& run : runs) {
    const auto policy = run.at("policy").get<std::string>();
    if (std::ranges::find(policies, policy) == policies.end()) policies.push_back(policy);
  }
  for (const std::string& policy : policies) {
    std::map<std::uint64_t, std::vector<const RunResult*>> by_backlog;
    for (const RunResult* run : runsOf(runs, policy)) by_backlog[run->at("backlog_bytes")].push_back(run);
    for (const auto& [bytes, own] : by_backlog) curve.push_back(pointOf(policy, bytes, own));
  }
  return curve;
}

std::uint64_t allThatFits(const std::vector<BacklogPoint>& curve, const std::string& policy) {
  std::uint64_t bytes = 0;
  for (const BacklogPoint& point : curve) {
    if (point.policy != policy) continue;
    if (point.without_refusal != point.runs) break;
    bytes = point.backlog_bytes;
  }
  return bytes;
}

std::string backlogText(const std::vector<BacklogPoint>& curve) {
  std::string text =
      fmt::format("{:<12}{:>14}{:>14}{:>16}{:>20}{:>20}\n", "policy", "backlog bytes", "sound lost, %",
                  "refused a day", "without a refusal", "largest free, least");
  for (const BacklogPoint& point : curve) {
    text += fmt::format("{:<12}{:>14}{:>14.2f}{:>16.2f}{:>20}{:>20}\n", point.policy, point.backlog_bytes,
                        point.sound_lost_percent, point.refused_a_day,
                        fmt::format("{} of {}", point.without_refusal, point.runs), point.largest_free_min);
  }
  for (const std::string& policy : policiesOf(curve)) {
    const std::uint64_t bytes = allThatFits(curve, policy);
    text += bytes == 0 ? fmt::format("{}: something was refused with every backlog\n", policy)
                       : fmt::format("{}: up to {} bytes of backlog nothing was refused\n", policy, bytes);
  }
  return text;
}

}  // namespace millpond::lab
