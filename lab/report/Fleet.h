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

/// One device: its memory policy, the seed of its events, and the bytes of sound that it may hold back
/// instead of what the scenario says; 0: as the scenario says.
struct SimulatedDevice {
  std::string policy;
  std::uint64_t seed = 0;
  std::uint32_t backlog_bytes = 0;
};

/// What the devices of a fleet have in common.
struct FleetOptions {
  double days = 30;
  std::size_t jobs = 1;   // devices that run at the same time; at least 1
  bool pictures = false;  // also record a timeline and a map of each that has the scenario's own backlog
  /// A device whose process reports nothing for this long hangs.
  std::chrono::milliseconds patience = Worker::usual_patience;
  /// Called now and then with the finished share of all days, 0 to 1; may be empty.
  std::function<void(double)> progress;
  /// Asked at least once a second: true ends all devices that have not finished; may be empty.
  std::function<bool()> stop;
};

/// The results of a fleet.
struct FleetResult {
  /// One `toJson` object per device that finished, in the order of the devices, without the policies that
  /// broke.
  std::vector<nlohmann::json> runs;
  /// For each policy that broke: policy, seed, and what happened, in one line.
  std::vector<std::string> broken;
  /// The same for each policy and backlog of a device's own for which the RAM has no room.
  std::vector<std::string> unfit;
  /// Whether `stop` ended it before all devices had finished.
  bool stopped = false;
};

/// Effect: runs all `devices`, each in its own process. If a device cannot start, crashes or hangs, its
/// policy is broken: its other devices are ended, and those of other policies continue. Context: a process
/// without other threads. Throws: std::system_error if no process can be created.
FleetResult runFleet(const Scenario& scenario, const std::vector<SimulatedDevice>& devices,
                     const FleetOptions& options);

}  // namespace millpond::lab
