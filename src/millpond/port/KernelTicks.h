// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <numeric>

namespace millpond::port {

/// The ticks of a kernel, `rate` a second, in microseconds, without a 64-bit division: `us` microseconds are
/// `ticks` ticks.
template <std::uint32_t rate>
struct KernelTicks {
  static constexpr std::uint32_t us = 1'000'000U / std::gcd(rate, 1'000'000U);
  static constexpr std::uint32_t ticks = rate / std::gcd(rate, 1'000'000U);
  static_assert(
      (ticks & (ticks - 1)) == 0,
      "Millpond: the kernel's ticks per second (configTICK_RATE_HZ, CONFIG_SYS_CLOCK_TICKS_PER_SEC) "
      "must divide 1000000, or be a power of two times such a number");

  static constexpr std::uint64_t microsOf(std::uint64_t count) { return count * us / ticks; }

  /// Returns: how many ticks to wait for `deadline_us`, rounded up. At most what 32 bits can divide, so the
  /// caller waits again. 0: it has passed.
  static constexpr std::uint32_t until(std::uint64_t deadline_us, std::uint64_t now_us) {
    if (now_us >= deadline_us) return 0;
    constexpr std::uint32_t longest_us = INT32_MAX / ticks;
    const std::uint64_t left_us = deadline_us - now_us;
    const std::uint32_t wait_us = left_us < longest_us ? static_cast<std::uint32_t>(left_us) : longest_us;
    return (wait_us * ticks + us - 1) / us;
  }
};

}  // namespace millpond::port
