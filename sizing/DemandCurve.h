// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <vector>

namespace millpond::sizing {

/// How the demand for a pool went up and down, over the traces of one or many devices. The unit is the block,
/// or the run. Everything here adds up over traces.
class DemandCurve {
 public:
  /// Effect: a block is taken at `time_us` by `source`, or given back after `life_us`.
  void take(std::uint64_t time_us, std::uint32_t source);
  void give(std::uint64_t time_us, std::uint64_t life_us);
  /// Effect: ends the trace of a device that lasted from `start_us` to `end_us`. The next starts empty.
  void endDevice(std::uint64_t start_us, std::uint64_t end_us);

  /// How often demand rose from `level` to above it: what a pool of `level` blocks would have refused, if
  /// each refused request came back when there is room.
  std::uint64_t crossings(std::uint32_t level) const {
    return level < crossings_.size() ? crossings_[level] : 0;
  }
  /// The most blocks held at once.
  std::uint32_t peak() const { return static_cast<std::uint32_t>(crossings_.size()); }
  /// The length of all traces, in seconds.
  double seconds() const { return seconds_; }
  /// The blocks held on average.
  double meanLevel() const { return seconds_ > 0 ? held_seconds_ / seconds_ : 0; }

  /// Requests of one source within a millisecond come and go together: a batch. How many batches had each
  /// number of blocks, from index 1 on.
  const std::vector<std::uint64_t>& batchSizes() const { return batch_sizes_; }
  std::uint64_t batches() const { return batches_; }
  /// The lives of the blocks that were given back: their number, sum and sum of squares, in seconds.
  struct Lives {
    std::uint64_t count = 0;
    double sum = 0;
    double squares = 0;
  };
  const Lives& lives() const { return lives_; }
  /// The batches of each hour, and its blocks held on average.
  struct Hour {
    std::uint64_t batches = 0;
    double level = 0;
  };
  const std::vector<Hour>& hours() const { return hours_; }

 private:
  struct OpenBatch {
    std::uint64_t time_us = 0;
    std::uint32_t blocks = 0;
  };

  void advance(std::uint64_t time_us);
  void closeBatch(OpenBatch& batch);
  Hour& hourAt(std::uint64_t time_us);

  std::vector<std::uint64_t> crossings_;
  std::vector<std::uint64_t> batch_sizes_;
  std::vector<OpenBatch> open_;  // by source
  std::vector<Hour> hours_;
  std::size_t first_hour_ = 0;  // of this device
  std::uint64_t batches_ = 0;
  Lives lives_;
  std::uint32_t level_ = 0;
  std::uint64_t origin_us_ = 0;
  std::uint64_t last_us_ = 0;
  bool started_ = false;
  double held_seconds_ = 0;
  double seconds_ = 0;
};

}  // namespace millpond::sizing
