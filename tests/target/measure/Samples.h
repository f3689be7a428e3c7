// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "board/Console.h"

namespace measure {

/// Up to 1024 counts, printed as their least, median and greatest.
class Samples {
 public:
  void add(std::uint32_t value) { values_[count_++] = value; }

  /// Effect: prints "NAME MIN MEDIAN MAX".
  void print(const char* name) {
    std::sort(values_.begin(), values_.begin() + count_);
    console::print(name, " ", values_[0], " ", values_[count_ / 2], " ", values_[count_ - 1], "\n");
  }

 private:
  std::array<std::uint32_t, 1024> values_{};
  std::uint32_t count_ = 0;
};

}  // namespace measure
