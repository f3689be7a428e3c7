// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/device/LeastHole.h"

#include <algorithm>

namespace millpond::lab {

bool LeastHole::mustLookAfter(const std::byte* at, std::uint32_t bytes) {
  // More than any heap takes before and behind a request: headers, a rest too small to be a block, and the
  // rounding up to the next of eight sizes a power of two.
  constexpr std::uint32_t room = 64;
  const std::uintptr_t begin = reinterpret_cast<std::uintptr_t>(at) - room;
  const std::uintptr_t end = reinterpret_cast<std::uintptr_t>(at) + bytes + bytes / 8 + room;
  if (end > witness_ && begin < witness_end_) {
    const std::uintptr_t below = begin - std::min(begin, witness_);
    const std::uintptr_t above = witness_end_ - std::min(end, witness_end_);
    if (below > above) {
      witness_end_ = begin;
    } else {
      witness_ = std::min(end, witness_end_);
    }
  }
  return witness_end_ - witness_ < bytes_;
}

void LeastHole::look(const Holes& holes, std::uint64_t time_us) {
  if (holes.largest < bytes_) {
    bytes_ = holes.largest;
    time_us_ = time_us;
  }
  witness_ = reinterpret_cast<std::uintptr_t>(holes.largest_at);
  witness_end_ = holes.largest_at == nullptr ? 0 : witness_ + holes.largest;
}

}  // namespace millpond::lab
