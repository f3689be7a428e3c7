// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/audio/FrameMaker.h"

#include <algorithm>
#include <cmath>

namespace millpond::cli {

namespace {

// Few, so that the latency of live sound is low: 64 ms at 16 kHz, 128 ms at 8 kHz.
constexpr std::size_t frames_a_step = 1024;
constexpr float full_scale = 8388608.0F;  // of 24 bits
constexpr std::int32_t justify = 256;

}  // namespace

FrameMaker::Sums& FrameMaker::Sums::operator+=(const Sums& more) {
  clipped += more.clipped;
  bad_samples += more.bad_samples;
  of_channels += more.of_channels;
  of_average += more.of_average;
  channels = std::max(channels, more.channels);
  return *this;
}

FrameMaker::FrameMaker(SoundReader& reader)
    : reader_(reader), resampler_(reader.rate()), interleaved_(frames_a_step * reader.channels()) {
  sums_.channels = reader.channels();
}

bool FrameMaker::next() {
  resampled_.clear();
  const std::size_t count = reader_.read(interleaved_);
  mix(std::span(interleaved_).first(count * sums_.channels));
  resampler_.add(mono_, resampled_);
  if (count == 0) resampler_.finish(resampled_);
  frames_.resize(resampled_.size());
  std::ranges::transform(resampled_, frames_.begin(), [this](float sample) { return toFrame(sample); });
  return count > 0;
}

void FrameMaker::mix(std::span<const float> interleaved) {
  mono_.clear();
  for (std::size_t i = 0; i < interleaved.size(); i += sums_.channels) {
    double sum = 0;
    double power = 0;
    for (const float sample : interleaved.subspan(i, sums_.channels)) {
      const double good = mended(sample);
      sum += good;
      power += good * good;
    }
    const double average = sum / static_cast<double>(sums_.channels);
    sums_.of_channels += power / static_cast<double>(sums_.channels);
    sums_.of_average += average * average;
    mono_.push_back(static_cast<float>(average));
  }
}

float FrameMaker::mended(float sample) {
  if (std::abs(sample) <= 1.0F) return sample;
  ++(std::isfinite(sample) ? sums_.clipped : sums_.bad_samples);
  return std::isnan(sample) ? 0.0F : std::copysign(1.0F, sample);
}

std::int32_t FrameMaker::toFrame(float sample) {
  if (std::abs(sample) > 1.0F) ++sums_.clipped;
  const float scaled = std::clamp(std::nearbyint(sample * full_scale), -full_scale, full_scale - 1.0F);
  return static_cast<std::int32_t>(scaled) * justify;
}

}  // namespace millpond::cli
