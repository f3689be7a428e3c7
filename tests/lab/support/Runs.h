// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "lab/device/SoakResult.h"

namespace millpond::test {

/// Returns: ten days on `policy` in which nothing failed.
inline lab::SoakResult run(const std::string& policy, std::uint64_t seed) {
  lab::SoakResult result;
  result.policy = policy;
  result.scenario = "made-up";
  result.seed = seed;
  result.days = 10;
  result.largest_free_min = 30000;
  result.largest_request_min = 30000;
  return result;
}

/// Returns: the same, in which a 20 KB buffer was refused on day `day`, with more free than that.
inline lab::SoakResult failedRun(const std::string& policy, std::uint64_t seed, double day) {
  lab::SoakResult result = run(policy, seed);
  const lab::FailedRequest failure{.kind = lab::RequestClass::network,
                                   .time_us = static_cast<std::uint64_t>(day * 86400e6),
                                   .bytes = 19200,
                                   .free = 80000,
                                   .largest = 18000};
  const auto kind = static_cast<std::size_t>(failure.kind);
  result.first_failure = failure;
  result.first_failure_by_class[kind] = failure;
  result.failures[kind] = 20;
  return result;
}

}  // namespace millpond::test
