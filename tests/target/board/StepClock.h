// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace board {

/// Microseconds from a 32-bit counter of `steps_per_micro` steps, read at least once each time it wraps.
/// Divides by subtracting: not every board can divide. Requires: interrupts masked.
template <std::uint32_t steps_per_micro>
class StepClock {
 public:
  std::uint64_t advance(std::uint32_t steps) {
    std::uint32_t passed = steps - last_;
    std::uint32_t micros = 0;
    for (int shift = passed >> 16U == 0 ? 12 : 26; shift >= 0; --shift) {
      if (passed >> shift < steps_per_micro) continue;
      passed -= steps_per_micro << shift;
      micros += 1U << shift;
    }
    last_ = steps - passed;  // what is left counts the next time
    return micros_ += micros;
  }

 private:
  std::uint32_t last_ = 0;
  std::uint64_t micros_ = 0;
};

}  // namespace board
