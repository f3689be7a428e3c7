// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "millpond/port/Port.h"

namespace millpond::streamer {

/// A moment on the port's clock until which somebody waits.
class Deadline {
 public:
  using Duration = std::chrono::microseconds;

  /// Returns: the moment `time` from now. A time below 0 counts as none, one above 100000 years as that.
  static Deadline in(Duration time) {
    constexpr Duration::rep longest = Duration::rep{1} << 61U;
    const Duration::rep micros = std::clamp<Duration::rep>(time.count(), 0, longest);
    return Deadline(Port::micros() + static_cast<std::uint64_t>(micros));
  }

  bool passed() const { return Port::micros() >= micros_; }
  /// Returns: the time until then; 0 once it has passed.
  Duration left() const {
    const std::uint64_t now = Port::micros();
    return Duration(static_cast<Duration::rep>(micros_ > now ? micros_ - now : 0));
  }
  Deadline earlierOf(const Deadline& other) const { return Deadline(std::min(micros_, other.micros_)); }

  /// Effect: waits until then, or until `event` is notified. Context: task.
  void waitFor(Port::Event& event) const { event.wait(micros_); }
  /// Effect: waits until then. Context: task.
  void sleep() const {
    Port::Event nobody_notifies;
    waitFor(nobody_notifies);
  }

 private:
  explicit Deadline(std::uint64_t micros) : micros_(micros) {}

  std::uint64_t micros_;
};

}  // namespace millpond::streamer
