// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <string_view>

namespace millpond::lab {

/// A file of scenarios/, whose text the build puts into the program.
struct BuiltInScenario {
  std::string_view name;
  std::string_view text;
};

/// The first is the ADR's device: what other scenarios do not say is as it says.
extern const std::array<BuiltInScenario, 4> built_in_scenarios;

}  // namespace millpond::lab
