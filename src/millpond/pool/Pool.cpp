// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/pool/Pool.h"

namespace millpond {

std::size_t Pool::maxRequest(Access access) const {
  const PoolTraits seen = traits();
  if (seen.count() == 0) return 0;
  const std::uint32_t units = seen.has(PoolTraits::runs) ? seen.count() - keep(access) : 1;
  return std::size_t{geometry_.blockSize()} * (units < bits::per_word ? units : bits::per_word) -
         seen.fence();
}

std::uint32_t Pool::keep(Access access) const {
  return traits().has(PoolTraits::has_reserve) && access != Access::reserved ? reserve().load() : 0;
}

std::uint32_t Pool::inUse() const {
  std::uint32_t held = geometry_.count();
  for (std::uint32_t word = 0; word < words(); ++word) held -= bits::countInline(bitmap_[word].loadOrdered());
  return held;
}

// All units of a word, or as many as remain.
std::uint32_t Pool::fullWord(std::uint32_t word) const {
  const std::uint32_t left = geometry_.count() - word * bits::per_word;
  return bits::ones(left < bits::per_word ? left : bits::per_word);
}

bool Pool::close() {
  if (inUse() != 0) return false;  // before it takes units that others might request
  // The first word comes last: requests are served from it, so that until then they find what they would
  // without this call.
  for (std::uint32_t word = words(); word-- > 0;) {
    std::uint32_t all = fullWord(word);
    const std::uint32_t wanted = all;
    while (all == wanted && !bitmap_[word].compareExchange(all, 0)) continue;
    if (all == wanted) continue;
    while (++word < words()) bitmap_[word].setBits(fullWord(word));
    return false;
  }
  return true;
}

void Pool::shut() {
  for (std::uint32_t word = 0; word < words(); ++word) bitmap_[word].clearBits(fullWord(word));
}

void Pool::open() {
  Word* word = bitmap_;
  for (std::uint32_t left = geometry_.count(); left != 0; ++word) {
    const std::uint32_t units = left < bits::per_word ? left : bits::per_word;
    word->setBits(bits::ones(units));
    left -= units;
  }
  if (traits().summarised()) summary().setBits(bits::ones(words()));
}

}  // namespace millpond
