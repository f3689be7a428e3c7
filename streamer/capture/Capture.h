// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <span>

#include "streamer/backlog/Backlog.h"
#include "streamer/backlog/StopFlag.h"
#include "streamer/capture/AudioSource.h"
#include "streamer/capture/Supervisor.h"

namespace millpond::streamer {

/// The listening half of a device: reads frames, makes 16-bit samples of them in audio blocks, and tells the
/// bus of them and adds them to the backlog. Between reads it looks after memory. Runs on the capture thread;
/// allocates nothing outside the audio pool.
class Capture {
 public:
  /// What the capture works with; all of it outlives it.
  struct Parts {
    AudioSource& source;
    std::span<std::int32_t> read_buffer;  // not empty
    MemoryManager& memory;
    Backlog& backlog;
    EventBus& bus;
    Supervisor& supervisor;
    const StopFlag& stop;
  };

  explicit Capture(const Parts& parts) : parts_(parts) {}

  /// Effect: captures until the source has ended or the stop flag is raised, then closes the backlog's input.
  void run();

 private:
  void store(std::span<const std::int32_t> frames);

  const Parts parts_;
};

}  // namespace millpond::streamer
