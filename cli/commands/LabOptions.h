// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "lab/device/Scenario.h"

namespace millpond::cli {

/// The check of a number of bytes for --backlog.
CLI::Validator backlogBytes();

/// Options that `soak` and `compare` share. The present value of each is its default.
void addDaysOption(CLI::App& command, double& days);
void addScenarioOption(CLI::App& command, std::string& scenario);

/// Of `soak` one value, of `compare` several.
template <class Value>
void addBacklogOption(CLI::App& command, Value& bytes, const std::string& help) {
  command.add_option("--backlog", bytes, help)->transform(backlogBytes());
}
/// Effect: tells standard error, in a line each, which sizes of `scenario` do not go with its pools on one of
/// `policies`.
void warnOf(const lab::Scenario& scenario, const std::vector<std::string>& policies);

/// The help of --policy, and the check of its value, which gives a policy the name that results have.
std::string policyHelp();
CLI::Validator policyName();

}  // namespace millpond::cli
