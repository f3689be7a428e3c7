// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "streamer/backlog/Backlog.h"

namespace millpond::test {

/// Samples that tell their index, so that a chunk shows whether it holds what it says.
constexpr std::int16_t sampleAt(std::uint64_t index) {
  return static_cast<std::int16_t>(index * 7919 % 65521);
}

/// Effect: captures the next `samples` samples, in blocks of at most `block`.
inline void capture(streamer::Backlog& backlog, std::uint64_t& next, std::size_t samples,
                    std::size_t block = streamer::audio_block_samples) {
  while (samples > 0) {
    const std::size_t count = std::min(samples, block);
    Buffer buffer = backlog.openBlock();
    if (buffer) {
      auto* out = reinterpret_cast<std::int16_t*>(buffer.data());
      for (std::size_t i = 0; i < count; ++i) out[i] = sampleAt(next + i);
      backlog.push(std::move(buffer), static_cast<std::uint32_t>(count));
    } else {
      backlog.discard(static_cast<std::uint32_t>(count));
    }
    next += count;
    samples -= count;
  }
}

/// Whether the samples of a chunk are those that its range says.
inline bool holdsItsRange(const streamer::Chunk& chunk) {
  for (std::uint32_t i = 0; i < chunk.samples; ++i) {
    std::int16_t sample = 0;
    std::memcpy(&sample, chunk.payload().data() + i * sizeof(sample), sizeof(sample));
    if (sample != sampleAt(chunk.first + i)) return false;
  }
  return true;
}

}  // namespace millpond::test
