// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cli/audio/Resampler.h"
#include "cli/audio/SoundReader.h"

namespace millpond::cli {

/// Converts sound to what a microphone would have given: the average of the channels at 16 kHz, in frames of
/// 24 bits left-justified in 32. Repairs samples that are not numbers or exceed full scale before they meet
/// other samples. 16-bit mono at 16 kHz passes unchanged.
class FrameMaker {
 public:
  /// Running sums over everything read.
  struct Sums {
    std::uint64_t clipped = 0;
    std::uint64_t bad_samples = 0;
    /// Average power of the channels, and power of their average.
    double of_channels = 0;
    double of_average = 0;
    std::size_t channels = 0;

    Sums& operator+=(const Sums& more);
  };

  explicit FrameMaker(SoundReader& reader);

  /// Effect: waits for the reader's next sound. Returns: false if there is none; `frames` may have some
  /// frames even then.
  bool next();
  std::span<const std::int32_t> frames() const { return frames_; }
  const Sums& sums() const { return sums_; }

 private:
  void mix(std::span<const float> interleaved);
  float mended(float sample);
  std::int32_t toFrame(float sample);

  SoundReader& reader_;
  Resampler resampler_;
  Sums sums_;
  std::vector<float> interleaved_;
  std::vector<float> mono_;
  std::vector<float> resampled_;
  std::vector<std::int32_t> frames_;
};

}  // namespace millpond::cli
