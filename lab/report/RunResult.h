// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace millpond::lab {

/// A run's result as its process reports it: what `toJson` makes of a `SoakResult`.
using RunResult = nlohmann::json;

inline constexpr double seconds_a_day = 86400;

/// Returns: the day of the first failed request; infinity if there was none.
inline double failureDay(const RunResult& run) {
  const RunResult& failure = run.at("first_failure");
  return failure.is_null() ? std::numeric_limits<double>::infinity()
                           : failure.at("t_s").get<double>() / seconds_a_day;
}

/// Returns: the runs of `policy`. `runs` outlives the result.
inline std::vector<const RunResult*> runsOf(const std::vector<RunResult>& runs, const std::string& policy) {
  std::vector<const RunResult*> of_policy;
  for (const RunResult& run : runs) {
    if (run.at("policy") == policy) of_policy.push_back(&run);
  }
  return of_policy;
}

}  // namespace millpond::lab
