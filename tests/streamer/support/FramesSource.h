// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "streamer/capture/AudioSource.h"

namespace millpond::test {

/// Frames in memory as a source.
class FramesSource : public streamer::AudioSource {
 public:
  explicit FramesSource(std::vector<std::int32_t> frames) : frames_(std::move(frames)) {}

  std::size_t read(std::span<std::int32_t> frames) override {
    const auto rest = std::span(frames_).subspan(next_);
    const std::size_t count = std::min(frames.size(), rest.size());
    std::copy_n(rest.begin(), count, frames.begin());
    next_ += count;
    return count;
  }

 private:
  std::vector<std::int32_t> frames_;
  std::size_t next_ = 0;
};

}  // namespace millpond::test
