// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

namespace millpond {

/// The id of a pool: its row in the table of `MemoryConfig`. ADR-002's three pools have names; the rows of
/// `MemoryConfig::more` follow them, and `MemoryConfig::id` gives their ids by name.
enum class PoolId : std::uint8_t {
  audio,
  network,
  general,
  /// No pool of the manager.
  none = 254,
  /// The heap fallback, which has no row.
  heap = 255,
};

/// The number of pools that ADR-002 names, and the most that a manager can have.
inline constexpr std::size_t adr_pools = 3;
inline constexpr std::size_t max_pools = 8;

/// The row of an id in the table, and the id of a row.
constexpr std::size_t rowOf(PoolId id) { return static_cast<std::size_t>(id); }
constexpr PoolId poolIdOf(std::size_t row) { return static_cast<PoolId>(row); }

}  // namespace millpond
