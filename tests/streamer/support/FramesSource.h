// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "streamer/capture/AudioSource.h"

namespace millpond::test {

/// 16-bit samples in memory as a source of frames.
class FramesSource : public streamer::AudioSource {
 public:
  explicit FramesSource(std::vector<std::int16_t> samples) : samples_(std::move(samples)) {}

  std::size_t read(std::span<std::int32_t> frames) override {
    const std::size_t count = std::min(frames.size(), samples_.size() - next_);
    for (std::int32_t& frame : frames.first(count)) frame = samples_[next_++] * 65536;
    return count;
  }

 private:
  std::vector<std::int16_t> samples_;
  std::size_t next_ = 0;
};

}  // namespace millpond::test
