// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

#include "millpond/EventBus.h"

namespace millpond::streamer {

/// The loudness: the peak of the last captured block. Reads the block that the network sends, without a copy.
/// Optional work that can be paused.
class LevelMeter {
 public:
  /// Effect: subscribes to `BlockCaptured` on `bus`, which outlives the meter.
  explicit LevelMeter(EventBus& bus);
  LevelMeter(const LevelMeter&) = delete;
  LevelMeter& operator=(const LevelMeter&) = delete;
  ~LevelMeter();

  void setPaused(bool paused) { paused_.store(paused ? 1 : 0); }
  bool paused() const { return paused_.load() != 0; }
  /// The largest magnitude in the last block, from 0 to 32768. Keeps its value while the meter is paused.
  std::uint32_t peak() const { return peak_.load(); }

 private:
  static void onBlock(void* self, const Event& event);

  EventBus& bus_;
  Word paused_;
  Word peak_;
};

}  // namespace millpond::streamer
