// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/Pool.h"

namespace millpond {

namespace {

/// The set bits of word number `word` when all of `units` units are free.
std::uint32_t full(std::size_t units, std::size_t word) { return bits::ones(units - word * bits::per_word); }

}  // namespace

Pool::Pool(const BlockGeometry& geometry, Word* state, std::size_t reserve, PoolTraits traits)
    : geometry_(geometry),
      traits_(traits.with(PoolTraits::many, geometry.count() > bits::per_word)
                  .with(PoolTraits::has_reserve, reserve != 0)
                  .bits()),
      state_(state + (this->traits().summarised() ? 1 : 0)),
      reserve_(static_cast<std::uint16_t>(reserve)) {
  const bool peak_is_a_bitmap = traits.has(PoolTraits::runs) && geometry.count() <= bits::per_word;
  if (peak_is_a_bitmap) behind()->store(full(geometry_.count(), 0));
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

bool Pool::close() {
  for (std::size_t word = 0; word < words(); ++word) {
    const std::uint32_t all = full(geometry_.count(), word);
    const std::uint32_t seen =
        state_[word].update([all](std::uint32_t free) { return free == all ? 0 : free; });
    if (seen == all) continue;
    while (word-- > 0) state_[word].setBits(full(geometry_.count(), word));
    return false;
  }
  return true;
}

void Pool::reopen() {
  for (std::size_t word = 0; word < words(); ++word) state_[word].setBits(full(geometry_.count(), word));
  if (traits().summarised()) summary().setBits(bits::ones(words()));
}

void Pool::setWaited(bool on) { traits_.store(traits().with(PoolTraits::waited, on).bits()); }

}  // namespace millpond
