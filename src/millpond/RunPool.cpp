// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/RunPool.h"

#include "millpond/Counter.h"

namespace millpond {

RunPool::RunPool(const BlockGeometry& geometry, Word* state, std::size_t reserve)
    : Pool(geometry, state, reserve, PoolTraits().with(PoolTraits::runs)) {
  reopen();
}

std::uint32_t RunPool::takeAs(Pool& pool, std::size_t granules, Access access) {
  if (granules > bits::per_word || pool.standsBack(access)) return none;
  const auto length = static_cast<std::uint32_t>(granules);
  for (std::uint32_t word = 0; word < pool.words(); ++word) {
    const std::uint32_t index = takeFromWord(pool, word, length, pool.keep(access));
    if (index == none) continue;
    cellsOf(pool)[index].store(bits::run(std::uint32_t{1} << (index % bits::per_word), length));
    return index;
  }
  return none;
}

std::uint32_t RunPool::takeFromWord(Pool& pool, std::uint32_t word, std::uint32_t length,
                                    std::uint32_t keep) {
  const std::uint32_t count = pool.geometry_.count();
  const bool one_word = !pool.traits().has(PoolTraits::many);
  std::uint32_t free = pool.state_[word].load();
  while (true) {
    const std::uint32_t starts = bits::runStarts(free, length);
    if (starts == 0) return none;
    const std::uint32_t first = bits::lowest(starts);
    const std::uint32_t rest = free ^ bits::run(bits::lowestBit(starts), length);
    const std::uint32_t held = one_word ? count - bits::count(free) : pool.inUse();
    if (held + length + keep > count) return none;
    if (!pool.state_[word].compareExchange(free, rest)) continue;
    if (one_word) {
      if (mayBePeak(*pool.behind(), rest)) notePeak(pool, rest);
    } else {
      const std::uint32_t now = pool.inUse();
      counter::raise(*pool.behind(), held + length > now ? held + length : now);
    }
    return word * bits::per_word + first;
  }
}

void RunPool::notePeak(Pool& pool, std::uint32_t left) {
  const std::uint32_t count = bits::count(left);
  std::uint32_t seen = pool.behind()->load();
  while (count < bits::count(seen) && !pool.behind()->compareExchange(seen, left)) continue;
}

std::uint32_t RunPool::peakOf(const Pool& pool) {
  const std::uint32_t peak = pool.behind()->load();
  return pool.traits().has(PoolTraits::many) ? peak : pool.geometry_.count() - bits::count(peak);
}

std::uint32_t RunPool::startAround(const Pool& pool, const void* pointer) {
  const std::uint32_t index = pool.geometry_.indexAround(pointer);
  const std::uint32_t first_of_word = index - index % bits::per_word;
  for (std::uint32_t start = index + 1; start-- > first_of_word;) {
    const std::uint32_t run = cellsOf(pool)[start].load();
    if ((run >> (index % bits::per_word) & 1U) != 0) return start;
  }
  return index;
}

}  // namespace millpond
