// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

#include "lab/device/Scenario.h"

namespace millpond::lab {

/// A stream of random numbers (SplitMix64) in integer arithmetic, so it is the same on any machine. Each part
/// of a device has its own stream, so what one part draws does not depend on the others.
class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t stream) : state_(mix(seed + stream * 0xD1B54A32D192ED03U)) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    return mix(state_);
  }

  /// A random number below `count`. Requires: count > 0.
  std::uint32_t below(std::uint32_t count) {
    return static_cast<std::uint32_t>((next() >> 32U) * count >> 32U);
  }

  /// A random number in `range`.
  std::uint32_t within(const Range& range) { return range.low + below(range.high - range.low + 1); }

  /// A random number in `range`, biased to small ones: the smaller of two draws, on average a third of the
  /// way up.
  std::uint32_t smallWithin(const Range& range) {
    const std::uint64_t both = next();
    const std::uint64_t one = both >> 32U;
    const std::uint64_t other = both & UINT32_MAX;
    const std::uint64_t lesser = one < other ? one : other;
    return range.low + static_cast<std::uint32_t>(lesser * (range.high - range.low + 1ULL) >> 32U);
  }

  bool percent(std::uint32_t chance) { return below(100) < chance; }

  /// An exponentially distributed waiting time with mean `mean`. Requires: mean < 2^50. Cost: 20
  /// multiplications.
  std::uint64_t waiting(std::uint64_t mean) {
    const std::uint64_t factor = minusLog(next());  // below 2^26, in 1/2^20
    return (mean >> 20U) * factor + ((mean & 0xFFFFFU) * factor >> 20U);
  }

 private:
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }

  // -ln(bits / 2^64) in 1/2^20: computes the binary logarithm digit by digit, by squaring.
  static std::uint64_t minusLog(std::uint64_t bits) {
    bits |= 1U;
    std::uint64_t whole = 0;
    for (; (bits >> 63U) == 0; bits <<= 1U) ++whole;
    std::uint64_t mantissa = bits >> 32U;  // from 1 to 2, in 1/2^31
    std::uint64_t fraction = 0;
    for (int digit = 0; digit < 20; ++digit) {
      mantissa = mantissa * mantissa >> 31U;
      const std::uint64_t set = mantissa >> 32U;
      fraction = fraction << 1U | set;
      mantissa >>= set;
    }
    constexpr std::uint64_t ln2 = 726817;  // in 1/2^20
    const std::uint64_t log2 = ((whole + 1) << 20U) - fraction;
    return log2 * ln2 >> 20U;
  }

  std::uint64_t state_;
};

}  // namespace millpond::lab
