// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cli/audio/Resampler.h"
#include "cli/audio/SoundReader.h"

namespace millpond::cli {

/// What a microphone would have given of the same sound: the average of the channels at 16 kHz, in frames of
/// 24 bits left-justified in 32. What is no number or beyond full scale is mended before it meets other
/// samples. 16-bit mono of 16 kHz comes out bit for bit.
class FrameMaker {
 public:
  /// Running sums over all that was read.
  struct Sums {
    std::uint64_t clipped = 0;
    std::uint64_t bad_samples = 0;
    /// Power of the channels, on average, and of their average.
    double of_channels = 0;
    double of_average = 0;
    std::size_t channels = 0;

    Sums& operator+=(const Sums& more);
  };

  explicit FrameMaker(SoundReader& reader);

  /// Effect: waits for the reader's next sound. Returns: false once there is none; `frames` may have some
  /// all the same.
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
