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
    set({units_, static_cast<std::uint32_t>(held_.size()) * word_bits});  // no hole goes past the end
  }

  /// Effect: marks `bytes` bytes, above 0, from `offset`, a multiple of `unit`. Requires: inside the region.
  /// Returns: false, with nothing changed, if some are held already.
  bool take(std::uint32_t offset, std::uint32_t bytes) {
    const Span span(offset / unit, offset / unit + (bytes + unit - 1) / unit);
    std::uint64_t any = held_[span.first] & span.first_mask;
    for (std::size_t word = span.first + 1; word < span.last; ++word) any |= held_[word];
    if (span.last != span.first) any |= held_[span.last] & span.last_mask;
    if (any != 0) return false;
    set(span);
    return true;
  }

  /// Effect: takes back what `take` marked with the same arguments.
  void give(std::uint32_t offset, std::uint32_t bytes) {
    const Span span(offset / unit, offset / unit + (bytes + unit - 1) / unit);
    held_[span.first] &= ~span.first_mask;
    if (span.last == span.first) return;
    std::fill(held_.begin() + span.first + 1, held_.begin() + span.last, 0);
    held_[span.last] &= ~span.last_mask;
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

  // The words of the units from `from` up to `end`, which is above it: most spans lie in one.
  struct Span {
    Span(std::uint32_t from, std::uint32_t end)
        : first(from / word_bits),
          last((end - 1) / word_bits),
          first_mask(~0ULL << from % word_bits),
          last_mask(~0ULL >> (word_bits - 1 - (end - 1) % word_bits)) {
      if (first == last) first_mask &= last_mask;
    }
    std::uint32_t first;
    std::uint32_t last;
    std::uint64_t first_mask;
    std::uint64_t last_mask;
  };

  void set(const Span& span) {
    held_[span.first] |= span.first_mask;
    if (span.last == span.first) return;
    std::fill(held_.begin() + span.first + 1, held_.begin() + span.last, ~0ULL);
    held_[span.last] |= span.last_mask;
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
