// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace millpond {

/// Which units of a pool a caller may take.
enum class Access : std::uint8_t {
  /// The units beyond the reserve.
  ordinary,
  /// Every unit: for interrupts, and for callers that the reserve is meant for.
  reserved,
};

}  // namespace millpond
