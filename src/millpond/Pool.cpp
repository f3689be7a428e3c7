// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/Pool.h"

namespace millpond {

Pool::Pool(std::byte* base, const BlockGeometry::Shape& shape, Word* state, std::size_t reserve,
           PoolTraits traits)
    : geometry_(base, shape),
      traits_(traits.bits()),
      state_(state + (traits.summarised() ? 1 : 0)),
      reserve_(static_cast<std::uint16_t>(reserve)) {
  const bool peak_is_a_bitmap = (traits.bits() & (PoolTraits::runs | PoolTraits::many)) == PoolTraits::runs;
  if (peak_is_a_bitmap) behind()->store(fullWord(0));
}

std::size_t Pool::maxRequest() const {
  const std::uint32_t units = traits().has(PoolTraits::runs) ? geometry_.count() : 1;
  return std::size_t{geometry_.blockSize()} * (units < bits::per_word ? units : bits::per_word);
}

std::uint32_t Pool::inUse() const {
  std::uint32_t held = geometry_.count();
  for (std::size_t word = 0; word < words(); ++word) held -= bits::count(state_[word].load());
  return held;
}

// All of a word's units, or as many as there are left.
std::uint32_t Pool::fullWord(std::size_t word) const {
  return bits::ones(geometry_.count() - word * bits::per_word);
}

bool Pool::close() {
  if (inUse() != 0) return false;  // before anything is taken that somebody might ask for
  for (std::size_t word = 0; word < words(); ++word) {
    std::uint32_t all = fullWord(word);
    const std::uint32_t wanted = all;
    while (all == wanted && !state_[word].compareExchange(all, 0)) continue;
    if (all == wanted) continue;
    while (word-- > 0) state_[word].setBits(fullWord(word));
    return false;
  }
  return true;
}

void Pool::reopen() {
  for (std::size_t word = 0; word < words(); ++word) state_[word].setBits(fullWord(word));
  if (traits().summarised()) summary().setBits(bits::ones(words()));
}

void Pool::setWaited(bool on) { traits_.store(traits().with(PoolTraits::waited, on).bits()); }

}  // namespace millpond
