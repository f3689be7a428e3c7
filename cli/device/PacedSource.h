// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "streamer/capture/AudioSource.h"

namespace millpond::cli {

/// Another source at a microphone's pace: a read returns once its frames would have been heard. Where the
/// source, or the process, comes to a halt, at most half a second of sound is caught up with: more at once
/// would be more than the device's backlog holds.
class PacedSource : public streamer::AudioSource {
 public:
  /// `speed` times real time; 0 means without any pace.
  PacedSource(streamer::AudioSource& source, double speed) : source_(source), speed_(speed) {}

  std::size_t read(std::span<std::int32_t> frames) override;
  void stop() override;

 private:
  using Clock = std::chrono::steady_clock;
  Clock::duration timeOf(std::uint64_t frames) const;

  streamer::AudioSource& source_;
  const double speed_;
  std::uint64_t frames_ = 0;
  Clock::time_point start_{};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;
};

}  // namespace millpond::cli
