// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/LabOptions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>

#include "lab/Soak.h"

namespace millpond::cli {

namespace {

/// Longer than any device lives, and far below where its microseconds would no longer count.
constexpr double most_days = 36500;

}  // namespace

void addDaysOption(CLI::App& command, double& days) {
  command.add_option("--days", days, "Days that the device lives, above 0")
      ->check([](const std::string& text) {
        double given = 0;
        const bool allowed = CLI::detail::lexical_cast(text, given) && given > 0 && given <= most_days;
        return allowed ? "" : fmt::format("{} is not above 0 up to {}", text, most_days);
      })
      ->capture_default_str();
}

void addScenarioOption(CLI::App& command, std::string& scenario) {
  command
      .add_option("--scenario", scenario,
                  fmt::format("The device: a TOML file, or {}", fmt::join(lab::builtInScenarios(), ", ")))
      ->capture_default_str();
}

std::string policyHelp() {
  return fmt::format("{}, or plugin:FILE.so for an allocator of your own",
                     fmt::join(lab::policyNames(), ", "));
}

}  // namespace millpond::cli
