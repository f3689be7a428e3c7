// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace millpond::streamer {

/// The 16-bit sample nearest to a 24-bit one that is left-justified in 32 bits. A half goes up; what would
/// pass the largest sample becomes it. A frame whose lower half is 0 keeps its upper half.
constexpr std::int16_t toPcm16(std::int32_t frame) {
  constexpr std::int32_t half = 0x8000;
  if (frame > INT32_MAX - half) return INT16_MAX;
  return static_cast<std::int16_t>((frame + half) >> 16);
}

}  // namespace millpond::streamer
