// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <string>

#include "lab/device/Scenario.h"

namespace millpond::lab {

/// The cost of a device's allocations and frees alone, without the simulation that makes the requests.
struct BareCost {
  std::uint64_t operations = 0;  // allocations and frees
  double seconds = 0;            // processor time of the host, the least of three runs
};

/// Effect: runs the device for `days` and records every request, then replays the list on a fresh policy.
/// Requires: as `soak`; about 200 MB of host memory per day. Throws: as `soak`.
BareCost bareCost(const Scenario& scenario, const std::string& policy, double days, std::uint64_t seed);

}  // namespace millpond::lab
