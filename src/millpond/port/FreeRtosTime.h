// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// The port that includes this has included the kernel's headers before.
#include <cstdint>

#include "millpond/port/KernelTicks.h"

namespace millpond::port {

struct FreeRtosTime : KernelTicks<configTICK_RATE_HZ> {
  /// As that of `KernelTicks`, for the kernel's type. `deadline_us` is UINT64_MAX if there is none.
  static TickType_t until(std::uint64_t deadline_us, std::uint64_t now_us) {
    if (deadline_us == UINT64_MAX) return portMAX_DELAY;
    const std::uint32_t count = KernelTicks::until(deadline_us, now_us);
    constexpr TickType_t longest = portMAX_DELAY - 1;
    return count < longest ? static_cast<TickType_t>(count) : longest;
  }
};

}  // namespace millpond::port
