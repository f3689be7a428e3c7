// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace millpond::lab {

/// The free bytes of a heap that requests can get: without headers.
struct Holes {
  std::uint32_t free = 0;
  std::uint32_t largest = 0;
  std::uint64_t squares = 0;

  void add(std::uint32_t bytes) {
    free += bytes;
    largest = largest < bytes ? bytes : largest;
    squares += std::uint64_t{bytes} * bytes;
  }
};

}  // namespace millpond::lab
