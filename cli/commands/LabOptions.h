// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <CLI/App.hpp>
#include <string>

namespace millpond::cli {

/// Options that `soak` and `compare` share. The present value of each is its default.
void addDaysOption(CLI::App& command, double& days);
void addScenarioOption(CLI::App& command, std::string& scenario);

/// The help of --policy, and the check of its value, which gives a policy the name that results have.
std::string policyHelp();
CLI::Validator policyName();

}  // namespace millpond::cli
