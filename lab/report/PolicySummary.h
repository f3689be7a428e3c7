// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "lab/device/SoakResult.h"
#include "lab/report/Spread.h"

namespace millpond::lab {

/// The first refused request, in the run where it came earliest.
struct EarliestFailure {
  std::uint64_t seed = 0;
  std::string kind;  // the request's class
  double day = 0;
  std::uint32_t bytes = 0;
  std::uint32_t free = 0;
  std::uint32_t largest = 0;
};

/// What the runs of one policy showed, over all seeds. In bytes, and in days of the device.
struct PolicySummary {
  std::string policy;
  std::size_t runs = 0;
  /// Day of the first failed request for each run that had one, earliest first.
  std::vector<double> failed_on_day;
  std::optional<EarliestFailure> earliest;

  Spread first_failure_day;  // infinity for a run without a failure
  std::array<Spread, request_classes> failures_a_day;
  Spread sound_lost_percent;
  Spread largest_free_min;
  Spread largest_request_min;  // the largest request that would have been served at that moment
  Spread held_peak;
  Spread leaked_bytes;

  /// The greatest of all runs.
  StepSpread allocate_steps;
  StepSpread release_steps;
  StepSpread pooled_allocate_steps;
  StepSpread pooled_release_steps;
  std::uint64_t heap_bytes_from_pooled_classes = 0;

  std::size_t failed() const { return failed_on_day.size(); }
  std::size_t alive() const { return runs - failed(); }
  /// Whether every run served every request of class `kind`.
  bool served(RequestClass kind) const { return failures_a_day[static_cast<std::size_t>(kind)].max == 0; }
  /// Whether every run served every audio, network and general request.
  bool servedPooledClasses() const;
};

/// Returns: a summary for each policy in `runs`, in order of appearance. A run is what `toJson` makes of a
/// `SoakResult`.
std::vector<PolicySummary> summarize(const std::vector<nlohmann::json>& runs);

}  // namespace millpond::lab
