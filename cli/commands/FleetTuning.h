// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string>

namespace millpond::cli {

/// What `millpond tune --prometheus` was asked.
struct FleetTuning {
  std::string url;
  std::string token_file;  // empty: no token
  double range_s = 30 * 86400.0;
  bool json = false;
};

/// Effect: prints the pools that serve 99.9 % of the devices of a Prometheus, and the devices that they do
/// not. Throws: `Error`.
void tuneFleet(const FleetTuning& options);

}  // namespace millpond::cli
