// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace millpond {

/// Ticks from `then` to `now`; 0 if the clock was set back to before `then`. Valid for 4.4 years.
constexpr std::uint32_t ticksBetween(std::uint32_t then, std::uint32_t now) {
  const std::uint32_t ticks = now - then;
  return ticks >> 31U == 0 ? ticks : 0;
}

/// Milliseconds in a number of the port's ticks, each of 65.536 ms. Without a division: the core may lack the
/// instruction.
constexpr std::uint64_t ticksToMilliseconds(std::uint32_t ticks) {
  constexpr std::uint64_t fraction = 2'302'102'471;  // 0.536 * 2^32
  return std::uint64_t{ticks} * 65 + (std::uint64_t{ticks} * fraction >> 32U);
}

}  // namespace millpond
