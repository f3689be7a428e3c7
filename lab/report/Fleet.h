// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "lab/Scenario.h"

namespace millpond::lab {

/// One device: what manages its memory, and the seed of its events.
struct Device {
  std::string policy;
  std::uint64_t seed = 0;
};

/// What the devices of a fleet have in common.
struct FleetOptions {
  double days = 30;
  std::size_t jobs = 1;   // devices that live at the same time; at least 1
  bool pictures = false;  // a timeline and a map of each, too
  /// Called now and then with the share of all days lived, 0 to 1; may be empty.
  std::function<void(double)> progress;
};

/// Effect: lets all `devices` live, each in a process of its own, so that one that breaks takes no other with
/// it. Ends them all where one fails. Context: a process without other threads.
/// Returns: what `toJson` makes of each result, in the order of `devices`.
/// Throws: std::runtime_error, in one line that names policy and seed, where a device cannot live or its
/// process dies.
std::vector<nlohmann::json> runFleet(const Scenario& scenario, const std::vector<Device>& devices,
                                     const FleetOptions& options);

}  // namespace millpond::lab
