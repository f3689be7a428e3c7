// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/commands/LabOptions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <set>

#include "cli/commands/OptionValues.h"
#include "cli/show/Print.h"
#include "lab/device/Warnings.h"
#include "lab/policies/Policies.h"

namespace millpond::cli {

namespace {

/// Some seconds, so that there is something to measure.
constexpr double least_days = 0.0001;
/// Longer than any device lives, and far below where its microseconds would overflow.
constexpr double most_days = 36500;
/// As much as a scenario's RAM may be.
constexpr std::uint64_t most_backlog = 16ULL * 1024 * 1024;

}  // namespace

void addDaysOption(CLI::App& command, double& days) {
  command.add_option("--days", days, "Days to simulate")
      ->transform(numberFrom(least_days, most_days))
      ->capture_default_str();
}

void addScenarioOption(CLI::App& command, std::string& scenario) {
  command
      .add_option("--scenario", scenario,
                  fmt::format("The device: a TOML file, or {}", fmt::join(lab::builtInScenarios(), ", ")))
      ->transform(someText())
      ->capture_default_str();
}

CLI::Validator backlogBytes() { return wholeNumberFrom(1, most_backlog); }

void warnOf(const lab::Scenario& scenario, const std::vector<std::string>& policies) {
  std::set<std::string> said;
  for (const std::string& policy : policies) {
    for (const lab::Warning& warning : lab::warningsOf(scenario, policy)) {
      if (said.insert(warning.text).second) print(stderr, "millpond: warning: {}\n", warning.text);
    }
  }
}

std::string policyHelp() {
  return fmt::format(
      "{} (the textbook's heap is tlsf, an ESP32's esp-idf), or plugin:FILE.so for an allocator of your own",
      fmt::join(lab::policyNames(), ", "));
}

CLI::Validator policyName() {
  return {[](std::string& text) {
            text = lab::policyName(text);
            if (text.empty()) return std::string("an empty value is not allowed");
            if (text == "plugin:") return std::string("plugin: needs a file, such as plugin:./own.so");
            const auto& names = lab::policyNames();
            const bool known = std::ranges::find(names, text) != names.end();
            if (known || text.starts_with("plugin:")) return std::string();
            return fmt::format("no policy {}: there are {}, plugin:FILE.so", text, fmt::join(names, ", "));
          },
          {}};
}

}  // namespace millpond::cli
