// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <span>

#include "streamer/AudioSource.h"
#include "streamer/Backlog.h"
#include "streamer/StopFlag.h"

namespace millpond::streamer {

/// The listening half of a device: reads frames, makes 16-bit samples of them in audio blocks, and adds these
/// to the backlog. Runs on the capture thread; allocates nothing outside the audio pool.
class Capture {
 public:
  /// Requires: `read_buffer` is not empty and outlives the capture.
  Capture(AudioSource& source, std::span<std::int32_t> read_buffer, Backlog& backlog, const StopFlag& stop)
      : source_(source), read_buffer_(read_buffer), backlog_(backlog), stop_(stop) {}

  /// Effect: captures until the source has ended or the stop flag is raised, then closes the backlog's input.
  void run();

 private:
  void store(std::span<const std::int32_t> frames);

  AudioSource& source_;
  std::span<std::int32_t> read_buffer_;
  Backlog& backlog_;
  const StopFlag& stop_;
};

}  // namespace millpond::streamer
