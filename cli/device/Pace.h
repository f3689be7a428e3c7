// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <optional>
#include <string>

#include "streamer/backlog/Backlog.h"

namespace millpond::cli {

/// How fast a source is read, and what becomes of what finds no room.
struct Pace {
  /// Times real time; 0 means as fast as the receiver takes it.
  double speed = 1;
  streamer::Backlog::WhenFull when_full = streamer::Backlog::WhenFull::drop_oldest;

  /// What `--speed` says: a number from 0.001 to 1000, or "max", which waits. Throws `UsageError`.
  static Pace parse(const std::string& text);
  /// Real time, or faster where `seconds` of sound would not be through within 15 s; it waits for room.
  static Pace forDemonstration(std::optional<double> seconds);
  /// Real time of what a pipe brings: so much faster that no writer's clock is held back.
  static constexpr double live = 1.01;

  std::string text() const;
};

}  // namespace millpond::cli
