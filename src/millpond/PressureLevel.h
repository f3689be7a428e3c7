// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace millpond {

/// How short memory is.
enum class PressureLevel : std::uint8_t { normal, warning, critical };

/// The level's name, in lower case.
constexpr const char* levelName(PressureLevel level) {
  if (level == PressureLevel::normal) return "normal";
  return level == PressureLevel::warning ? "warning" : "critical";
}

}  // namespace millpond
