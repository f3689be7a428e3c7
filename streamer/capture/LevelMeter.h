// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <atomic>
#include <cstdint>

#include "millpond/EventBus.h"

namespace millpond::streamer {

/// How loud it is: the peak of the block captured last. Reads the block that the network sends, without a
/// copy. Optional work: it can be paused.
class LevelMeter {
 public:
  /// Effect: listens to `BlockCaptured` on `bus`, which outlives the meter.
  explicit LevelMeter(EventBus& bus);
  LevelMeter(const LevelMeter&) = delete;
  LevelMeter& operator=(const LevelMeter&) = delete;
  ~LevelMeter();

  void setPaused(bool paused) { paused_ = paused; }
  bool paused() const { return paused_; }
  /// The largest sample of the last block, from 0 to 32768; what it was when the meter was paused.
  std::uint32_t peak() const { return peak_; }

 private:
  static void onBlock(void* self, const Event& event);

  EventBus& bus_;
  std::atomic<bool> paused_{false};
  std::atomic<std::uint32_t> peak_{0};
};

}  // namespace millpond::streamer
