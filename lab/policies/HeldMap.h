// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <vector>

#include "lab/heaps/Holes.h"

namespace millpond::lab {

/// Which bytes of a region are held, in units of eight: an independent check of an untrusted allocator.
class HeldMap {
 public:
  static constexpr std::uint32_t unit = 8;

  explicit HeldMap(std::uint32_t bytes) : held_(bytes / unit), sizes_(bytes / unit) {}

  /// Effect: marks `bytes` bytes from `offset`, a multiple of `unit`. Requires: inside the region.
  /// Returns: false, with nothing changed, if some are held already.
  bool take(std::uint32_t offset, std::uint32_t bytes) {
    const std::uint32_t first = offset / unit;
    const std::uint32_t units = (bytes + unit - 1) / unit;
    for (std::uint32_t at = first; at < first + units; ++at) {
      if (held_[at] != 0) return false;
    }
    for (std::uint32_t at = first; at < first + units; ++at) held_[at] = 1;
    sizes_[first] = units;
    return true;
  }

  void give(std::uint32_t offset) {
    const std::uint32_t first = offset / unit;
    for (std::uint32_t at = first; at < first + sizes_[first]; ++at) held_[at] = 0;
    sizes_[first] = 0;
  }

  /// The holes between what is held. Cost: one step per unit.
  Holes holes() const {
    Holes holes;
    std::uint32_t run = 0;
    for (const std::uint8_t held : held_) {
      if (held == 0) {
        ++run;
      } else if (run != 0) {
        holes.add(run * unit);
        run = 0;
      }
    }
    if (run != 0) holes.add(run * unit);
    return holes;
  }

  template <class Visitor>
  void forEachHeld(Visitor visit) const {
    for (std::uint32_t at = 0; at < sizes_.size(); ++at) {
      if (sizes_[at] != 0) visit(at * unit, sizes_[at] * unit);
    }
  }

 private:
  std::vector<std::uint8_t> held_;
  std::vector<std::uint32_t> sizes_;  // size in units of the block that starts there
};

}  // namespace millpond::lab
