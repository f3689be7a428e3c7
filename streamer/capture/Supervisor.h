// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "millpond/Pressure.h"
#include "streamer/backlog/Backlog.h"
#include "streamer/capture/LevelMeter.h"

namespace millpond::streamer {

/// How the streamer responds to memory pressure, in this order. It pauses the level meter. It sends audio
/// blocks as they are, so that the network pool falls idle and can go back to the heap. If the link is down
/// at critical, it drops the oldest backlog. The first two lose no samples. All of it is undone when the
/// pressure is gone.
class Supervisor {
 public:
  Supervisor(MemoryManager& memory, EventBus& bus, Pressure& pressure, Backlog& backlog);
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;
  ~Supervisor();

  /// Effect: updates the pressure level and delivers events. Context: the capture task, now and then.
  void poll();

  const LevelMeter& meter() const { return meter_; }

 private:
  static std::size_t pauseMeter(void* self, PressureLevel level);
  static std::size_t sendDirect(void* self, PressureLevel level);
  static std::size_t dropBacklog(void* self, PressureLevel level);
  static void onEvent(void* self, const Event& event);
  void recover();

  MemoryManager& memory_;
  EventBus& bus_;
  Pressure& pressure_;
  Backlog& backlog_;
  LevelMeter meter_;
  bool direct_ = false;
  bool connected_ = false;
  Reclaimer meter_reclaimer_{"level meter", 0, 0, &Supervisor::pauseMeter, this};
  Reclaimer chunk_reclaimer_{"chunk size", 1, 0, &Supervisor::sendDirect, this};
  Reclaimer backlog_reclaimer_{"backlog", 2, 0, &Supervisor::dropBacklog, this};
};

}  // namespace millpond::streamer
