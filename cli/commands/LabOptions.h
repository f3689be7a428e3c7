// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <CLI/App.hpp>
#include <string>

namespace millpond::cli {

/// What `soak` and `compare` say alike. Each option's default is the value there is.
void addDaysOption(CLI::App& command, double& days);
void addScenarioOption(CLI::App& command, std::string& scenario);

/// The help of --policy, and what its value must be.
std::string policyHelp();
CLI::Validator policyName();

}  // namespace millpond::cli
