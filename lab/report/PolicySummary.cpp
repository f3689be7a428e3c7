// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/report/PolicySummary.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

namespace millpond::lab {

namespace {

using Json = nlohmann::json;
using Runs = std::vector<const Json*>;

constexpr double seconds_a_day = 86400;

double failureDay(const Json& run) {
  const Json& failure = run.at("first_failure");
  return failure.is_null() ? std::numeric_limits<double>::infinity()
                           : failure.at("t_s").get<double>() / seconds_a_day;
}

template <class Figure>
Spread spreadOver(const Runs& runs, Figure figure) {
  std::vector<double> values;
  for (const Json* run : runs) values.push_back(figure(*run));
  return Spread::of(values);
}

Spread spreadOf(const Runs& runs, const char* key) {
  return spreadOver(runs, [key](const Json& run) { return run.at(key).get<double>(); });
}

void raise(StepSpread& most, const Json& steps) {
  most.median = std::max(most.median, steps.at("median").get<std::uint32_t>());
  most.p999 = std::max(most.p999, steps.at("p999").get<std::uint32_t>());
  most.max = std::max(most.max, steps.at("max").get<std::uint32_t>());
}

void addSteps(PolicySummary& summary, const Json& steps) {
  raise(summary.allocate_steps, steps.at("alloc"));
  raise(summary.release_steps, steps.at("free"));
  raise(summary.pooled_allocate_steps, steps.at("pooled").at("alloc"));
  raise(summary.pooled_release_steps, steps.at("pooled").at("free"));
}

EarliestFailure earliestOf(const Json& run) {
  const Json& failure = run.at("first_failure");
  return {run.at("seed"),      failure.at("class"), failureDay(run),
          failure.at("bytes"), failure.at("free"),  failure.at("largest")};
}

void addFailures(PolicySummary& summary, const Runs& runs) {
  for (const Json* run : runs) {
    if (!run->at("first_failure").is_null()) summary.failed_on_day.push_back(failureDay(*run));
  }
  std::ranges::sort(summary.failed_on_day);
  const Json* earliest =
      *std::ranges::min_element(runs, {}, [](const Json* run) { return failureDay(*run); });
  if (summary.failed() != 0) summary.earliest = earliestOf(*earliest);
  summary.first_failure_day = spreadOver(runs, &failureDay);
  for (std::size_t kind = 0; kind < request_classes; ++kind) {
    summary.failures_a_day[kind] = spreadOver(runs, [kind](const Json& run) {
      return run.at("failures").at(request_class_names[kind]).get<double>() / run.at("days").get<double>();
    });
  }
}

PolicySummary summarizePolicy(const std::string& policy, const Runs& runs) {
  PolicySummary summary;
  summary.policy = policy;
  summary.runs = runs.size();
  addFailures(summary, runs);
  summary.samples_lost_a_day = spreadOver(runs, [](const Json& run) {
    return run.at("samples_lost").get<double>() / run.at("days").get<double>();
  });
  summary.largest_free_min = spreadOf(runs, "largest_free_min");
  summary.held_peak = spreadOf(runs, "held_peak");
  summary.leaked_bytes =
      spreadOver(runs, [](const Json& run) { return run.at("leaks").at("bytes").get<double>(); });
  for (const Json* run : runs) {
    addSteps(summary, run->at("steps"));
    summary.heap_bytes_from_pooled_classes =
        std::max(summary.heap_bytes_from_pooled_classes,
                 run->at("heap_bytes_from_pooled_classes").get<std::uint64_t>());
  }
  return summary;
}

}  // namespace

bool PolicySummary::servedPooledClasses() const {
  return served(RequestClass::audio) && served(RequestClass::network) && served(RequestClass::general);
}

std::vector<PolicySummary> summarize(const std::vector<nlohmann::json>& runs) {
  std::vector<std::string> policies;
  for (const Json& run : runs) {
    const auto policy = run.at("policy").get<std::string>();
    if (std::ranges::find(policies, policy) == policies.end()) policies.push_back(policy);
  }
  std::vector<PolicySummary> summaries;
  for (const std::string& policy : policies) {
    Runs of_policy;
    for (const Json& run : runs) {
      if (run.at("policy") == policy) of_policy.push_back(&run);
    }
    summaries.push_back(summarizePolicy(policy, of_policy));
  }
  return summaries;
}

}  // namespace millpond::lab
