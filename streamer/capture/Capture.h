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

/// The capturing half of a device. It reads frames, converts them to 16-bit samples in audio blocks,
/// publishes each block on the bus and adds it to the backlog. Between reads it polls the supervisor. Runs on
/// the capture task; allocates nothing outside the audio pool.
class Capture {
 public:
  /// What the capture works with. All of it outlives the capture.
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

  /// Effect: captures until the source ends or the stop flag is raised, then closes the backlog's input.
  void run();

 private:
  void store(std::span<const std::int32_t> frames);

  const Parts parts_;
};

}  // namespace millpond::streamer
