// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace millpond::cli {

/// What `soak` and `compare` say alike. Each option's default is the value there is.
void addDaysOption(CLI::App& command, double& days);
void addScenarioOption(CLI::App& command, std::string& scenario);

/// The help of --policy.
std::string policyHelp();

/// Exit status where a request failed: neither an error (1) nor wrong usage (2).
inline constexpr int requests_failed = 3;

}  // namespace millpond::cli
