// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/report/PolicySummary.h"

#include <algorithm>

#include "lab/report/RunResult.h"

namespace millpond::lab {

namespace {

using Runs = std::vector<const RunResult*>;

template <class Figure>
Spread spreadOver(const Runs& runs, Figure figure) {
  std::vector<double> values;
  for (const RunResult* run : runs) values.push_back(figure(*run));
  return Spread::of(values);
}

Spread spreadOf(const Runs& runs, const char* key) {
  return spreadOver(runs, [key](const RunResult& run) { return run.at(key).get<double>(); });
}

void raise(StepSpread& most, const RunResult& steps) {
  most.median = std::max(most.median, steps.at("median").get<std::uint32_t>());
  most.p999 = std::max(most.p999, steps.at("p999").get<std::uint32_t>());
  most.max = std::max(most.max, steps.at("max").get<std::uint32_t>());
}

void addSteps(PolicySummary& summary, const RunResult& steps) {
  raise(summary.allocate_steps, steps.at("alloc"));
  raise(summary.release_steps, steps.at("free"));
  raise(summary.pooled_allocate_steps, steps.at("pooled").at("alloc"));
  raise(summary.pooled_release_steps, steps.at("pooled").at("free"));
}

EarliestFailure earliestOf(const RunResult& run) {
  const RunResult& failure = run.at("first_failure");
  return {run.at("seed"),      failure.at("class"), failureDay(run),
          failure.at("bytes"), failure.at("free"),  failure.at("largest")};
}

void addFailures(PolicySummary& summary, const Runs& runs) {
  for (const RunResult* run : runs) {
    if (!run->at("first_failure").is_null()) summary.failed_on_day.push_back(failureDay(*run));
  }
  std::ranges::sort(summary.failed_on_day);
  const RunResult* earliest =
      *std::ranges::min_element(runs, {}, [](const RunResult* run) { return failureDay(*run); });
  if (summary.failed() != 0) summary.earliest = earliestOf(*earliest);
  summary.first_failure_day = spreadOver(runs, &failureDay);
  for (std::size_t kind = 0; kind < request_classes; ++kind) {
    summary.failures_a_day[kind] = spreadOver(runs, [kind](const RunResult& run) {
      return run.at("failures").at(request_class_names[kind]).get<double>() / run.at("days").get<double>();
    });
  }
}

PolicySummary summarizePolicy(const std::string& policy, const Runs& runs) {
  PolicySummary summary;
  summary.policy = policy;
  summary.runs = runs.size();
  addFailures(summary, runs);
  summary.sound_lost_percent = spreadOver(runs, [](const RunResult& run) {
    return 100 * run.at("sound_lost_s").get<double>() / (run.at("days").get<double>() * seconds_a_day);
  });
  summary.largest_free_min = spreadOf(runs, "largest_free_min");
  summary.largest_request_min = spreadOf(runs, "largest_request_min");
  summary.held_peak = spreadOf(runs, "held_peak");
  summary.leaked_bytes =
      spreadOver(runs, [](const RunResult& run) { return run.at("leaks").at("bytes").get<double>(); });
  for (const RunResult* run : runs) {
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

std::vector<PolicySummary> summarize(const std::vector<RunResult>& runs) {
  std::vector<std::string> policies;
  for (const RunResult& run : runs) {
    const auto policy = run.at("policy").get<std::string>();
    if (std::ranges::find(policies, policy) == policies.end()) policies.push_back(policy);
  }
  std::vector<PolicySummary> summaries;
  summaries.reserve(policies.size());
  for (const std::string& policy : policies) {
    summaries.push_back(summarizePolicy(policy, runsOf(runs, policy)));
  }
  return summaries;
}

}  // namespace millpond::lab
