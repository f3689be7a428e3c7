// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/port/Port.h"

namespace millpond {

/// What a caller may take of a pool.
enum class Access : std::uint8_t {
  /// Blocks beyond the reserve, while nobody waits.
  ordinary,
  /// Blocks beyond the reserve: the first of those who wait.
  waiter,
  /// Every block: interrupts, and callers that the reserve was made for.
  reserved,
};

/// What keeps a pool from serving everybody in the plainest way: more than one word of blocks, a reserve, or
/// somebody waiting.
class PoolMode {
 public:
  PoolMode(bool many, std::size_t reserve)
      : reserve_(static_cast<std::uint16_t>(reserve)),
        flags_(static_cast<std::uint8_t>((many ? many_words : 0) | (reserve != 0 ? has_reserve : 0))) {}

  /// Whether nothing does: the hot path's only question.
  bool plain() const { return flags_.load() == 0; }

  /// Whether there is more than one word of blocks.
  bool many() const { return (flags_.load() & many_words) != 0; }

  /// Whether `access` has to stand back for those who wait.
  bool standsBack(Access access) const { return access == Access::ordinary && (flags_.load() & waited) != 0; }
  /// Blocks that must remain free after `access` took its own.
  std::uint32_t keep(Access access) const { return access == Access::reserved ? 0 : reserve_; }
  std::uint32_t reserve() const { return reserve_; }

  /// Requires: calls exclude one another.
  void setWaited(bool on) {
    const std::uint32_t others = flags_.load() & ~std::uint32_t{waited};
    flags_.store(static_cast<std::uint8_t>(others | (on ? waited : 0U)));
  }

 private:
  static constexpr std::uint8_t many_words = 1;
  static constexpr std::uint8_t has_reserve = 2;
  static constexpr std::uint8_t waited = 4;

  std::uint16_t reserve_;
  Port::Atomic<std::uint8_t> flags_;
};

}  // namespace millpond
