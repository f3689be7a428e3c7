// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>

#include "millpond/port/Port.h"

namespace millpond::streamer {

/// Asks every wait of a device's tasks to end soon.
class StopFlag {
 public:
  /// The longest that a wait goes without checking the flag.
  static constexpr std::chrono::milliseconds check_interval{50};

  void raise() { raised_.store(1); }
  bool raised() const { return raised_.load() != 0; }

 private:
  Word raised_;
};

}  // namespace millpond::streamer
