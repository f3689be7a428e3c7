// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string>
#include <vector>

#include "cli/device/DeviceRun.h"

namespace millpond::cli {

/// Returns: everything that is wrong with a run of the device, a phrase each; empty if nothing is. Requires:
/// the run has ended.
std::vector<std::string> troublesOf(const DeviceResult& result);

}  // namespace millpond::cli
