// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "streamer/backlog/SampleRange.h"

namespace millpond::streamer {

/// What became of each sample that a device captured. Once it has stopped,
/// captured == delivered + dropped + unconfirmed.
class SampleAccount {
 public:
  /// As many ranges of dropped samples are kept, the latest; `dropRanges` counts them all.
  static constexpr std::size_t kept_ranges = 16;

  /// Samples in, as 16-bit. Never falls.
  std::uint64_t captured = 0;
  /// Samples that the receiver has acknowledged; on the raw wire, that TCP has taken. Never falls.
  std::uint64_t delivered = 0;
  /// Samples given up for want of room, or of a receiver at the end; none was sent. Never falls.
  std::uint64_t dropped = 0;
  /// Samples that were sent and given up at the end without an answer.
  std::uint64_t unconfirmed = 0;

  /// Effect: counts `range` as dropped. Ranges that touch become one.
  void drop(const SampleRange& range);

  /// Ranges of dropped samples so far. Never falls.
  std::uint32_t dropRanges() const { return ranges_; }
  /// The latest of them, oldest first. Writes at most `kept_ranges` to `out`. Returns: how many.
  std::size_t latestDrops(std::span<SampleRange, kept_ranges> out) const;

 private:
  SampleRange& slot(std::uint32_t index) { return latest_[index % kept_ranges]; }

  std::array<SampleRange, kept_ranges> latest_{};
  std::uint32_t ranges_ = 0;
};

}  // namespace millpond::streamer
