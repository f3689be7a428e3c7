// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/capture/ToneSource.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "streamer/wire/AudioFormat.h"

namespace millpond::streamer {

namespace {

constexpr float turn = 4294967296.0F;
constexpr float half_scale = 4194304.0F;  // of 24 bits
constexpr std::int32_t justify = 256;

}  // namespace

ToneSource::ToneSource(std::uint32_t hertz, std::uint64_t frames)
    : step_(static_cast<std::uint32_t>((std::uint64_t{hertz} << 32U) / sample_rate)), left_(frames) {}

std::size_t ToneSource::read(std::span<std::int32_t> frames) {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(frames.size(), left_));
  for (std::int32_t& frame : frames.first(count)) {
    const float angle = static_cast<float>(phase_) * (2.0F * std::numbers::pi_v<float> / turn);
    frame = static_cast<std::int32_t>(half_scale * std::sin(angle)) * justify;
    phase_ += step_;
  }
  left_ -= count;
  return count;
}

}  // namespace millpond::streamer
