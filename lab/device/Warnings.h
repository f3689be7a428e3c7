// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string>
#include <vector>

#include "lab/device/Scenario.h"
#include "lab/device/SoakResult.h"

namespace millpond::lab {

/// Returns: where `policy` cannot keep what pools promise, because a request is larger than the blocks of its
/// pool or more may be held than the pool has. Empty for a policy that has no pools or buffers.
std::vector<Warning> warningsOf(const Scenario& scenario, const std::string& policy);

}  // namespace millpond::lab
