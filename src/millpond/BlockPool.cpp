// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/BlockPool.h"

namespace millpond {

BlockPool::BlockPool(const BlockGeometry& geometry, Word* state, std::size_t reserve)
    : geometry_(geometry), state_(state), mode_(geometry.count() > bits::per_word, reserve) {
  reopen();
}

std::uint32_t BlockPool::takeAs(Access access) {
  if (mode_.standsBack(access)) return none;
  const std::uint32_t keep = mode_.keep(access);
  if (geometry_.count() > bits::per_word) return takeFromMany(keep);
  const auto spare = [keep](std::uint32_t free) { return keep == 0 || bits::count(free) > keep; };
  const std::uint32_t free = state_[0].update(
      [spare](std::uint32_t seen) { return spare(seen) ? bits::withoutLowest(seen) : seen; });
  return free == 0 || !spare(free) ? none : bits::lowest(free);
}

// A summary bit says that its word may have a free block. It is a hint; the words are the truth. A hint
// that is wrong, because another caller is between its two steps, costs one more look.
std::uint32_t BlockPool::takeFromMany(std::uint32_t keep) {
  if (keep != 0 && geometry_.count() - inUse() <= keep) return none;
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

bool BlockPool::close() { return freemap::takeAll(state_, geometry_.count()); }

void BlockPool::reopen() {
  freemap::fill(state_, geometry_.count());
  const std::size_t words = bits::words(geometry_.count());
  if (words > 1) summary().setBits(bits::ones(words));
}

}  // namespace millpond
