// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace millpond {

/// What a caller may take of a pool.
enum class Access : std::uint8_t {
  /// Units beyond the reserve.
  ordinary,
  /// Every unit: interrupts, and callers that the reserve was made for.
  reserved,
};

}  // namespace millpond
