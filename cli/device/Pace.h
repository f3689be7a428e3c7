// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <optional>
#include <string>

#include "streamer/backlog/Backlog.h"

namespace millpond::cli {

/// How fast a source is read, and what happens to sound that finds no room.
struct Pace {
  /// Multiple of real time; 0 means as fast as the receiver accepts it.
  double speed = 1;
  streamer::Backlog::WhenFull when_full = streamer::Backlog::WhenFull::drop_oldest;

  /// Parses `--speed`: a number from 0.001 to 1000, or "max", which waits for room. Throws `UsageError`.
  static Pace parse(const std::string& text);
  /// Real time, or faster if `seconds` of sound would take more than 15 s; waits for room.
  static Pace forDemonstration(std::optional<double> seconds);
  /// The pace for a pipe: slightly above real time, so that a writer with a fast clock is not held back.
  static constexpr double live = 1.01;

  std::string text() const;
};

}  // namespace millpond::cli
