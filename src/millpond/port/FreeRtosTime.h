// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// The port that includes this has included the kernel's headers before.
#include <cstdint>
#include <numeric>

namespace millpond::port {

/// The kernel's ticks in microseconds, without a 64-bit division: `us` microseconds are `ticks` ticks.
struct FreeRtosTime {
  static constexpr std::uint32_t rate = configTICK_RATE_HZ;
  static constexpr std::uint32_t us = 1'000'000U / std::gcd(rate, 1'000'000U);
  static constexpr std::uint32_t ticks = rate / std::gcd(rate, 1'000'000U);
  static_assert((ticks & (ticks - 1)) == 0,
                "Millpond: configTICK_RATE_HZ must divide 1000000, or be a power of two times such a number");

  static constexpr std::uint64_t microsOf(std::uint64_t count) { return count * us / ticks; }

  /// Returns: how long to wait, rounded up, for `deadline_us`, which is UINT64_MAX if there is none. At most
  /// what 32 bits can divide, so the caller waits again. 0: it has passed.
  static TickType_t until(std::uint64_t deadline_us, std::uint64_t now_us) {
    if (deadline_us == UINT64_MAX) return portMAX_DELAY;
    if (now_us >= deadline_us) return 0;
    constexpr std::uint32_t longest_us = INT32_MAX / ticks;
    const std::uint64_t left_us = deadline_us - now_us;
    const std::uint32_t wait_us = left_us < longest_us ? static_cast<std::uint32_t>(left_us) : longest_us;
    const std::uint32_t count = (wait_us * ticks + us - 1) / us;
    constexpr TickType_t longest = portMAX_DELAY - 1;
    return count < longest ? static_cast<TickType_t>(count) : longest;
  }
};

}  // namespace millpond::port
