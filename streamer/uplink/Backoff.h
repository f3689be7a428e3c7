// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <algorithm>
#include <cstdint>

namespace millpond::streamer {

/// How long to wait between attempts to connect. The wait doubles up to a limit, and each wait has random
/// jitter so that many devices do not reconnect in step.
class Backoff {
 public:
  struct Config {
    std::uint32_t initial_ms = 5000;
    std::uint32_t max_ms = 60000;
    /// The jitter: each wait is spread evenly over this percentage below and above; 0 to 100.
    std::uint32_t jitter_percent = 20;
  };

  /// Requires: a `seed` that differs between devices.
  constexpr Backoff(const Config& config, std::uint64_t seed)
      : config_(config),
        next_ms_(config.initial_ms),
        random_(static_cast<std::uint32_t>(seed ^ seed >> 32U) | 1U) {}

  /// Returns: the milliseconds to wait before the next attempt. The wait after that is twice as long.
  constexpr std::uint32_t next() {
    const std::uint64_t base = std::min(next_ms_, config_.max_ms);
    next_ms_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(base * 2, config_.max_ms));
    const std::uint64_t spread = base * config_.jitter_percent / 100;
    return static_cast<std::uint32_t>(base - spread + random() % (2 * spread + 1));
  }

  /// Effect: the next wait is the initial one again.
  constexpr void reset() { next_ms_ = config_.initial_ms; }

 private:
  // Marsaglia's xorshift.
  constexpr std::uint32_t random() {
    random_ ^= random_ << 13U;
    random_ ^= random_ >> 17U;
    random_ ^= random_ << 5U;
    return random_;
  }

  Config config_;
  std::uint32_t next_ms_;
  std::uint32_t random_;
};

}  // namespace millpond::streamer
