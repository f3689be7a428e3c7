// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace millpond::cli {

/// How many seconds of sound a stream is behind the best that it was: that much lies in the device, on the
/// way or with a receiver that is slow. Forgives 200 ppm, so that a device with a slow clock does not fall
/// behind.
class StreamLag {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Effect: notes that all samples up to `next` are there at `now`.
  void arrived(Time now, std::uint64_t next, std::uint32_t rate) {
    heard_ = seconds(now) - static_cast<double>(next) / rate;
    best_ = best_ ? std::min(heard_, bestAt(now)) : heard_;
    best_since_ = now;
  }
  /// Returns: the lag at `now` if nothing came since; 0 if nothing ever did.
  double at(Time now) const {
    if (!best_) return 0;
    return std::max(0.0, heard_ + seconds(now) - seconds(best_since_) - bestAt(now));
  }

 private:
  static constexpr double forgiven = 200e-6;

  static double seconds(Time time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }
  double bestAt(Time now) const { return *best_ + forgiven * (seconds(now) - seconds(best_since_)); }

  double heard_ = 0;            // when sample 0 would have come, by the samples that came last
  std::optional<double> best_;  // the earliest that this was
  Time best_since_;
};

}  // namespace millpond::cli
