// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <string>

#include "lab/device/Scenario.h"

namespace millpond::lab {

/// What a device's allocations and frees take by themselves, without the simulation that asks for them.
struct BareCost {
  std::uint64_t operations = 0;  // allocations and frees
  double seconds = 0;            // processor time of the host, the least of three times
};

/// Effect: lets the device live for `days` while every request is written down, and then has a fresh policy
/// serve the list alone. Requires: as `soak`; some 200 MB of host memory for a day.
/// Throws: as `soak`.
BareCost bareCost(const Scenario& scenario, const std::string& policy, double days, std::uint64_t seed);

}  // namespace millpond::lab
