// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <atomic>
#include <chrono>

namespace millpond::streamer {

/// Asks every wait of a device's threads to end soon.
class StopFlag {
 public:
  /// The longest that a wait goes without checking the flag.
  static constexpr std::chrono::milliseconds check_interval{50};

  void raise() { raised_.store(true, std::memory_order_relaxed); }
  bool raised() const { return raised_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> raised_{false};
};

}  // namespace millpond::streamer
