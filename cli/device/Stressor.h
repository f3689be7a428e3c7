// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "lab/heaps/LockedHeap.h"

namespace millpond::cli {

/// Plays the rest of a device's program at its worst: takes its heap in steps of 8 KiB, holds it, and
/// releases it.
class Stressor {
 public:
  /// Effect: starts on its own thread. It begins to take memory at 5 percent of `time`, has everything at 40
  /// percent, and releases it all from 55 percent on. `heap` outlives it.
  Stressor(lab::LockedHeap& heap, std::chrono::duration<double> time);
  Stressor(const Stressor&) = delete;
  Stressor& operator=(const Stressor&) = delete;
  /// Effect: stops, and releases everything.
  ~Stressor();

  /// Bytes that it holds at present. Context: any.
  std::size_t held() const { return held_; }

 private:
  using Clock = std::chrono::steady_clock;

  void run();
  bool sleepUntil(double share);
  void eat();
  void giveBackLast();

  lab::LockedHeap& heap_;
  std::chrono::duration<double> time_;
  Clock::time_point start_ = Clock::now();
  struct Bite {
    void* block;
    std::size_t bytes;
  };
  std::vector<Bite> eaten_;
  std::atomic<std::size_t> held_{0};
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

}  // namespace millpond::cli
