// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "lab/device/SoakResult.h"

namespace millpond::lab {

/// A histogram of the steps that an operation took, exact up to `limit`.
class StepCounter {
 public:
  static constexpr std::uint32_t limit = 2047;

  void add(std::uint32_t steps) {
    ++counts_[std::min(steps, limit)];
    max_ = std::max(max_, steps);
  }

  void add(const StepCounter& other) {
    for (std::size_t steps = 0; steps < counts_.size(); ++steps) counts_[steps] += other.counts_[steps];
    max_ = std::max(max_, other.max_);
  }

  StepSpread spread() const { return {below(500), below(999), max_}; }

 private:
  // Returns: the number of steps that this share of the operations did not exceed.
  std::uint32_t below(std::uint64_t permille) const {
    std::uint64_t all = 0;
    for (const std::uint64_t count : counts_) all += count;
    std::uint64_t seen = 0;
    for (std::uint32_t steps = 0; steps <= limit; ++steps) {
      seen += counts_[steps];
      if (seen * 1000 >= all * permille) return steps == limit ? max_ : steps;
    }
    return max_;
  }

  std::array<std::uint64_t, limit + 1> counts_{};
  std::uint32_t max_ = 0;
};

}  // namespace millpond::lab
