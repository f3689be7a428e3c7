// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

#include "streamer/capture/AudioSource.h"

namespace millpond::streamer {

/// A sine of `hertz` at half of full scale, `frames` long: a source that needs no microphone. Equal
/// parameters give equal frames.
class ToneSource : public AudioSource {
 public:
  /// Requires: hertz <= sample_rate / 2.
  ToneSource(std::uint32_t hertz, std::uint64_t frames);

  std::size_t read(std::span<std::int32_t> frames) override;

 private:
  std::uint32_t step_;  // phase per frame; a whole turn is 2^32
  std::uint32_t phase_ = 0;
  std::uint64_t left_;
};

}  // namespace millpond::streamer
