// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/RunPool.h"

#include "millpond/Counter.h"

namespace millpond {

RunPool::RunPool(const BlockGeometry& geometry, Word* state, std::size_t reserve)
    : geometry_(geometry), state_(state), mode_(geometry.count() > bits::per_word, reserve) {
  for (std::size_t index = 0; index < geometry.count(); ++index) cells()[index].store(0);
  reopen();
}

std::uint32_t RunPool::takeAs(std::uint32_t length, Access access) {
  if (length > bits::per_word || mode_.standsBack(access)) return none;
  for (std::uint32_t word = 0; word < bits::words(geometry_.count()); ++word) {
    const std::uint32_t index = takeFromWord(word, length, mode_.keep(access));
    if (index == none) continue;
    cells()[index].store(length);  // plain: the caller owns the run's granules, and so the cell
    return index;
  }
  return none;
}

std::uint32_t RunPool::takeFromWord(std::uint32_t word, std::uint32_t length, std::uint32_t keep) {
  const bool one_word = geometry_.count() <= bits::per_word;
  std::uint32_t free = state_[word].load();
  while (true) {
    const std::uint32_t starts = bits::runStarts(free, length);
    if (starts == 0) return none;
    const std::uint32_t first = bits::lowest(starts);
    const std::uint32_t rest = free & ~(bits::ones(length) << first);
    const std::uint32_t held = one_word ? geometry_.count() - bits::count(free) : inUse();
    if (held + length + keep > geometry_.count()) return none;
    if (!state_[word].compareExchange(free, rest)) continue;
    // Nearly always a load and a comparison: a new peak comes at most `count` times in a pool's life.
    const std::uint32_t now = one_word ? 0 : inUse();
    counter::raise(peak_, held + length > now ? held + length : now);
    return word * bits::per_word + first;
  }
}

bool RunPool::give(std::uint32_t index) {
  // Whoever takes the length out of the cell is the one that frees the run.
  const std::uint32_t length = cells()[index].update([](std::uint32_t) { return 0U; });
  if (length == 0) return false;
  state_[index / bits::per_word].setBits(bits::ones(length) << (index % bits::per_word));
  return true;
}

std::uint32_t RunPool::startAround(const void* pointer) const {
  const std::uint32_t index = geometry_.indexAround(pointer);
  const std::uint32_t first_of_word = index - index % bits::per_word;
  for (std::uint32_t start = index + 1; start-- > first_of_word;) {
    if (heldAt(start) > index - start) return start;
  }
  return index;
}

}  // namespace millpond
