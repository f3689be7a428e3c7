// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lab/device/Scenario.h"
#include "lab/report/Worker.h"

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
  /// A device whose process says nothing for so long, hangs.
  std::chrono::milliseconds patience = Worker::usual_patience;
  /// Called now and then with the share of all days lived, 0 to 1; may be empty.
  std::function<void(double)> progress;
};

/// What became of a fleet.
struct FleetResult {
  /// What `toJson` makes of each result, in the order of the devices, without the policies that broke.
  std::vector<nlohmann::json> runs;
  /// For each policy that broke: policy, seed, and what it did, in one line.
  std::vector<std::string> broken;
};

/// Effect: lets all `devices` live, each in a process of its own. Where one cannot live, dies or hangs, its
/// policy is broken: the other devices of that policy are ended, those of the others are not touched.
/// Context: a process without other threads. Throws: std::system_error where there is no process to be had.
FleetResult runFleet(const Scenario& scenario, const std::vector<Device>& devices,
                     const FleetOptions& options);

}  // namespace millpond::lab
