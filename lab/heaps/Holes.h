// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

namespace millpond::lab {

/// The free bytes of a heap that requests can get: without headers.
struct Holes {
  std::uint32_t free = 0;
  std::uint32_t largest = 0;
  std::uint64_t squares = 0;
  /// Where the largest begins; nullptr if unknown.
  const std::byte* largest_at = nullptr;

  void add(std::uint32_t bytes, const std::byte* at = nullptr, std::uint32_t count = 1) {
    free += bytes * count;
    squares += std::uint64_t{bytes} * bytes * count;
    if (bytes <= largest || count == 0) return;
    largest = bytes;
    largest_at = at;
  }
};

}  // namespace millpond::lab
