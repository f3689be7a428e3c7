// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace millpond::streamer {

/// Rounds a 24-bit sample, left-justified in 32 bits, to 16 bits. Halves round up, and the result saturates
/// at the largest sample. A frame whose lower half is 0 keeps its upper half.
constexpr std::int16_t toPcm16(std::int32_t frame) {
  constexpr std::int32_t half = 0x8000;
  if (frame > INT32_MAX - half) return INT16_MAX;
  return static_cast<std::int16_t>((frame + half) >> 16);
}

}  // namespace millpond::streamer
