// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lab/heaps/Holes.h"

namespace millpond::lab {

/// Which bytes of a region are held, in units of four: an independent check of an untrusted allocator.
class HeldMap {
 public:
  static constexpr std::uint32_t unit = 4;

  explicit HeldMap(std::uint32_t bytes) : units_(bytes / unit), held_(units_ / word_bits + 1) {
    setAll(units_, static_cast<std::uint32_t>(held_.size()) * word_bits);  // no hole goes past the end
  }

  /// Effect: marks `bytes` bytes from `offset`, a multiple of `unit`. Requires: inside the region.
  /// Returns: false, with nothing changed, if some are held already.
  bool take(std::uint32_t offset, std::uint32_t bytes) {
    const std::uint32_t first = offset / unit;
    const std::uint32_t end = first + (bytes + unit - 1) / unit;
    bool any = false;
    forEachWord(first, end, [&any](std::uint64_t& word, std::uint64_t mask) { any |= (word & mask) != 0; });
    if (any) return false;
    setAll(first, end);
    return true;
  }

  /// Effect: takes back what `take` marked with the same arguments.
  void give(std::uint32_t offset, std::uint32_t bytes) {
    const std::uint32_t first = offset / unit;
    const std::uint32_t end = first + (bytes + unit - 1) / unit;
    forEachWord(first, end, [](std::uint64_t& word, std::uint64_t mask) { word &= ~mask; });
  }

  /// The holes between what is held, in a region at `base`. Cost: one step per word of 64 units and per hole.
  Holes holes(const std::byte* base = nullptr) const {
    Holes holes;
    for (std::uint32_t at = next(0, true); at < units_;) {
      const std::uint32_t end = next(at, false);
      holes.add((end - at) * unit, base == nullptr ? nullptr : base + std::size_t{at} * unit);
      at = next(end, true);
    }
    return holes;
  }

  /// Effect: calls `visit(offset, bytes)` for each range that is held, in order.
  template <class Visitor>
  void forEachHeld(Visitor visit) const {
    for (std::uint32_t at = next(0, false); at < units_;) {
      const std::uint32_t end = std::min(next(at, true), units_);
      visit(at * unit, (end - at) * unit);
      at = next(end, false);
    }
  }

 private:
  static constexpr std::uint32_t word_bits = 64;

  // Effect: calls `visit(word, mask)` for the units from `first` up to `end`.
  template <class Visitor>
  void forEachWord(std::uint32_t first, std::uint32_t end, Visitor visit) {
    while (first < end) {
      const std::uint32_t bit = first % word_bits;
      const std::uint32_t count = std::min(word_bits - bit, end - first);
      visit(held_[first / word_bits], (~0ULL >> (word_bits - count)) << bit);
      first += count;
    }
  }

  void setAll(std::uint32_t first, std::uint32_t end) {
    forEachWord(first, end, [](std::uint64_t& word, std::uint64_t mask) { word |= mask; });
  }

  // Returns: the first unit from `at` up that is free, or held; behind the region if there is none.
  std::uint32_t next(std::uint32_t at, bool free) const {
    for (std::size_t word = at / word_bits; word < held_.size(); ++word, at = 0) {
      const std::uint64_t wanted = (free ? ~held_[word] : held_[word]) & (~0ULL << (at % word_bits));
      if (wanted != 0) {
        return static_cast<std::uint32_t>(word) * word_bits +
               static_cast<std::uint32_t>(std::countr_zero(wanted));
      }
    }
    return static_cast<std::uint32_t>(held_.size()) * word_bits;
  }

  std::uint32_t units_;
  std::vector<std::uint64_t> held_;
};

}  // namespace millpond::lab
