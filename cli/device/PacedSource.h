// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "streamer/capture/AudioSource.h"

namespace millpond::cli {

/// Wraps a source and reads it at a microphone's pace: a read returns once its frames would have been heard.
/// After a stall of the source or the process, at most half a second of sound is caught up with. More at once
/// would overflow the device's backlog.
class PacedSource : public streamer::AudioSource {
 public:
  /// `speed` is a multiple of real time; 0 means unpaced.
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
