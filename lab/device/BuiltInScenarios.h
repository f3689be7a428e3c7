// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <span>
#include <string_view>

namespace millpond::lab {

/// A file of scenarios/, whose text the build embeds in the program.
struct BuiltInScenario {
  std::string_view name;
  std::string_view text;
};

/// The first is the ADR's device: it has the defaults of all other scenarios.
extern const std::span<const BuiltInScenario> built_in_scenarios;

}  // namespace millpond::lab
