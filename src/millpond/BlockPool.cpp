// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/BlockPool.h"

namespace millpond {

BlockPool::BlockPool(const BlockGeometry& geometry, Word* state) : geometry_(geometry), state_(state) {
  const std::size_t words = bits::words(geometry.count());
  freemap::fill(state, geometry.count());
  if (words > 1) summary().store(bits::ones(words));
}

// A summary bit says that its word may have a free block. It is a hint; the words are the truth. A hint
// that is wrong, because another caller is between its two steps, costs one more look.
std::uint32_t BlockPool::takeFromMany() {
  for (std::uint32_t hint = summary().load(); hint != 0; hint = bits::withoutLowest(hint)) {
    const std::uint32_t index = takeFromWord(bits::lowest(hint));
    if (index != none) return index;
  }
  // Before a request is refused the truth decides: a block may have come back behind a cleared hint.
  for (std::uint32_t word = 0; word < bits::words(geometry_.count()); ++word) {
    const std::uint32_t index = takeFromWord(word);
    if (index != none) return index;
  }
  return none;
}

std::uint32_t BlockPool::takeFromWord(std::uint32_t word) {
  const std::uint32_t free = state_[word].update(bits::withoutLowest);
  if (free == 0) return none;
  if (bits::withoutLowest(free) == 0) {
    summary().clearBits(std::uint32_t{1} << word);
    // A block given back before the hint was cleared would stay unseen.
    if (state_[word].load() != 0) summary().setBits(std::uint32_t{1} << word);
  }
  return word * bits::per_word + bits::lowest(free);
}

bool BlockPool::giveToMany(std::uint32_t index) {
  const std::uint32_t word = index / bits::per_word;
  const std::uint32_t block = std::uint32_t{1} << (index % bits::per_word);
  const std::uint32_t free = state_[word].update([block](std::uint32_t seen) { return seen | block; });
  if ((free & block) != 0) return false;
  if (free == 0) summary().setBits(std::uint32_t{1} << word);
  return true;
}

}  // namespace millpond
