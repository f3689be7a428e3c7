// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lab/device/Policy.h"
#include "lab/device/Scenario.h"

namespace millpond::lab {

/// The policies there are, in the order to show them; beside them there is `plugin:FILE.so`.
const std::vector<std::string>& policyNames();

/// Returns: the policy called `name` in `ram`, of which the first `scenario.ram.static_bytes` are taken.
/// Throws: std::runtime_error, in one line, where there is none or it cannot be set up.
std::unique_ptr<Policy> makePolicy(const std::string& name, const Scenario& scenario,
                                   std::span<std::byte> ram);

}  // namespace millpond::lab
