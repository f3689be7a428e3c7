// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstdint>

#include "board/Console.h"

namespace measure {

/// Any number of counts below 16384, printed as their least, median and greatest; a larger one counts
/// as 16383.
class Samples {
 public:
  void add(std::uint32_t value) {
    ++times_[value < limit ? value : limit - 1];
    ++count_;
  }

  /// Effect: prints "NAME MIN MEDIAN MAX".
  void print(const char* name, const char* of = "") const {
    console::print(name, of, " ", ranked(1), " ", ranked((count_ + 1) / 2), " ", ranked(count_), "\n");
  }

 private:
  static constexpr std::uint32_t limit = 16384;

  /// The value that `rank` of the counts do not exceed.
  std::uint32_t ranked(std::uint32_t rank) const {
    std::uint32_t value = 0;
    for (std::uint32_t seen = times_[0]; seen < rank; seen += times_[value]) ++value;
    return value;
  }

  std::array<std::uint32_t, limit> times_{};
  std::uint32_t count_ = 0;
};

}  // namespace measure
