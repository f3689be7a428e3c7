// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "cli/receiver/StreamAccount.h"
#include "millpond/Metrics.h"

namespace millpond::cli {

/// The figures of a receiver at one moment, as Prometheus asks for them. What counts never falls while the
/// receiver runs.
struct ReceiverFigures {
  /// Streams that lag by more seconds than this are counted.
  static constexpr std::array<int, 5> lags{1, 5, 30, 60, 300};

  /// When they were taken.
  std::chrono::steady_clock::time_point taken{};
  /// Streams that have a connection, that have lost it, and that have ended, of those remembered.
  std::uint64_t receiving = 0;
  std::uint64_t away = 0;
  std::uint64_t ended = 0;
  /// Of those received: the greatest lag in seconds, and how many lag by more than `lags`.
  double most_lag = 0;
  std::array<std::uint64_t, lags.size()> lagging{};
  /// Now, and since the start.
  std::uint64_t open_connections = 0;
  std::uint64_t connections = 0;
  std::uint64_t refused = 0;
  std::uint64_t bad_checksums = 0;
  std::uint64_t write_errors = 0;
  std::uint64_t removed = 0;
  std::uint64_t removed_bytes = 0;
  std::uint64_t chunks = 0;
  std::uint64_t samples_written = 0;
  std::uint64_t samples_missing = 0;
  std::uint64_t samples_duplicate = 0;
  std::uint64_t gaps = 0;
  /// Of the folder's file system; empty if not known.
  std::optional<std::uint64_t> free_bytes{};

  /// Effect: adds what was received of a stream.
  void add(const StreamAccount& account);
  /// Effect: adds a stream that is received.
  void addLag(double lag);
  /// Returns: all of it, in the text format 0.0.4 of Prometheus or in OpenMetrics 1.0, where it is `now`.
  std::string metrics(Metrics::Format format, std::chrono::steady_clock::time_point now) const;
};

}  // namespace millpond::cli
