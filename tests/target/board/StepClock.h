// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace board {

/// Microseconds from a 32-bit counter of `steps_per_micro` steps, from 10 to 40, read at least once each time
/// it wraps. Divides by multiplying or by subtracting: not every board can divide. Requires: interrupts
/// masked.
template <std::uint32_t steps_per_micro>
class StepClock {
 public:
  std::uint64_t advance(std::uint32_t steps) {
    const std::uint32_t passed = steps - last_;
    const std::uint32_t micros = passed < few ? (passed * inverse) >> 21U : divided(passed);
    last_ += micros * steps_per_micro;  // what is left counts the next time
    return micros_ += micros;
  }

 private:
  // Below `few` steps the product does not wrap and its error stays below a step.
  static constexpr std::uint32_t few = 16384;
  static constexpr std::uint32_t inverse = (1U << 21U) / steps_per_micro + 1;

  static std::uint32_t divided(std::uint32_t steps) {
    std::uint32_t micros = 0;
    for (int shift = 28; shift >= 0; --shift) {
      if (steps >> shift < steps_per_micro) continue;
      steps -= steps_per_micro << shift;
      micros += 1U << shift;
    }
    return micros;
  }

  std::uint32_t last_ = 0;
  std::uint64_t micros_ = 0;
};

}  // namespace board
