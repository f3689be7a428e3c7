// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "streamer/backlog/SampleRange.h"

namespace millpond::streamer {

/// The fate of each captured sample. Once the device has stopped, captured == delivered + dropped +
/// unconfirmed.
class SampleAccount {
 public:
  /// How many of the latest ranges of dropped samples are kept; `dropRanges` counts all.
  static constexpr std::size_t kept_ranges = 16;

  /// Captured samples, as 16-bit. Never falls.
  std::uint64_t captured = 0;
  /// Samples that the receiver has acknowledged; on the raw wire, that TCP has accepted. Never falls.
  std::uint64_t delivered = 0;
  /// Samples given up for lack of room, or of a receiver at the end; none was sent. Never falls.
  std::uint64_t dropped = 0;
  /// Samples that were sent, but never acknowledged before the end.
  std::uint64_t unconfirmed = 0;

  /// Effect: counts `range` as dropped. Adjacent ranges are merged.
  void drop(const SampleRange& range);

  /// Ranges of dropped samples so far. Never falls.
  std::uint32_t dropRanges() const { return ranges_; }
  /// The latest of them, oldest first. Writes at most `kept_ranges` to `out`. Returns: how many it wrote.
  std::size_t latestDrops(std::span<SampleRange, kept_ranges> out) const;

 private:
  SampleRange& slot(std::uint32_t index) { return latest_[index % kept_ranges]; }

  std::array<SampleRange, kept_ranges> latest_{};
  std::uint32_t ranges_ = 0;
};

}  // namespace millpond::streamer
