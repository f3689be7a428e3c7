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

/// The names of the policies in display order. `plugin:FILE.so` is one more.
const std::vector<std::string>& policyNames();

/// Returns: the name in `policyNames` of a policy that has another name too; else `name`.
std::string policyName(const std::string& name);

/// Returns: the policy called `name` in `ram`, whose first `scenario.ram.static_bytes` are taken. Throws:
/// std::runtime_error with one line if there is none or it cannot be set up.
std::unique_ptr<Policy> makePolicy(const std::string& name, const Scenario& scenario,
                                   std::span<std::byte> ram);

}  // namespace millpond::lab
