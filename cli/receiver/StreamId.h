// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <random>

namespace millpond::cli {

/// Returns: 64 random bits, so that no two streams have the same id.
inline std::uint64_t drawStreamId() {
  std::random_device random;
  return std::uint64_t{random()} << 32U | random();
}

}  // namespace millpond::cli
