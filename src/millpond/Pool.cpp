// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/Pool.h"

namespace millpond {

std::size_t Pool::maxRequest(Access access) const {
  const PoolTraits seen = traits();
  const std::uint32_t units = seen.has(PoolTraits::runs) ? seen.count() - keep(access) : 1;
  return std::size_t{geometry_.blockSize()} * (units < bits::per_word ? units : bits::per_word) -
         seen.fence();
}

std::uint32_t Pool::keep(Access access) const {
  return traits().has(PoolTraits::has_reserve) && access != Access::reserved ? reserve().load() : 0;
}

std::uint32_t Pool::inUse() const {
  std::uint32_t held = geometry_.count();
  for (std::size_t word = 0; word < words(); ++word) held -= bits::count(state_[word].loadOrdered());
  return held;
}

// All of a word's units, or as many as there are left.
std::uint32_t Pool::fullWord(std::size_t word) const {
  const std::size_t left = geometry_.count() - word * bits::per_word;
  return bits::ones(left < bits::per_word ? left : bits::per_word);
}

bool Pool::close() {
  if (inUse() != 0) return false;  // before anything is taken that somebody might ask for
  // The first word last: requests are served from it, so that until then they find what they would anyway.
  for (std::size_t word = words(); word-- > 0;) {
    std::uint32_t all = fullWord(word);
    const std::uint32_t wanted = all;
    while (all == wanted && !state_[word].compareExchange(all, 0)) continue;
    if (all == wanted) continue;
    while (++word < words()) state_[word].setBits(fullWord(word));
    return false;
  }
  return true;
}

void Pool::shut() {
  for (std::size_t word = 0; word < words(); ++word) state_[word].clearBits(fullWord(word));
}

void Pool::reopenWords(Pool& pool) {
  for (std::size_t word = 0; word < pool.words(); ++word) pool.state_[word].setBits(pool.fullWord(word));
}

}  // namespace millpond
