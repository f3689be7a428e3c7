// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/RunPool.h"

#include "millpond/Counter.h"

namespace millpond {

RunPool::RunPool(std::byte* base, const BlockGeometry::Shape& shape, Word* state, std::size_t reserve)
    : Pool(base, shape, state, reserve, PoolTraits::of(shape.count, reserve).with(PoolTraits::runs)) {
  reopen();
}

std::uint32_t RunPool::takeAs(Pool& pool, std::size_t granules, Access access) {
  if (granules > bits::per_word || pool.standsBack(access)) return none;
  const auto length = static_cast<std::uint32_t>(granules);
  const std::uint32_t keep = pool.keep(access);
  for (std::uint32_t word = 0; word < pool.words(); ++word) {
    std::uint32_t free = pool.state_[word].loadOrdered();
    while (const std::uint32_t starts = bits::runStarts(free, length)) {
      const std::uint32_t held = pool.inUse();
      if (held + length + keep > pool.geometry_.count()) return none;
      const std::uint32_t run = bits::run(bits::lowestBit(starts), length);
      const std::uint32_t left = free ^ run;
      if (!pool.state_[word].compareExchange(free, left)) continue;
      const std::uint32_t index = word * bits::per_word + bits::lowest(starts);
      cellsOf(pool)[index].store(run);
      notePeak(pool, left, held + length);
      return index;
    }
  }
  return none;
}

void RunPool::notePeak(Pool& pool, std::uint32_t left, std::uint32_t held) {
  Word& peak = *pool.behind();
  if (pool.traits().has(PoolTraits::many)) {
    const std::uint32_t now = pool.inUse();
    return counter::raise(peak, held > now ? held : now);
  }
  const std::uint32_t count = bits::count(left);
  std::uint32_t seen = peak.load();
  while (count < bits::count(seen) && !peak.compareExchange(seen, left)) continue;
}

std::uint32_t RunPool::peakOf(const Pool& pool) {
  const std::uint32_t peak = pool.behind()->load();
  return pool.traits().has(PoolTraits::many) ? peak : pool.geometry_.count() - bits::count(peak);
}

std::uint32_t RunPool::startAround(const Pool& pool, const void* pointer) {
  const std::uint32_t index = pool.geometry_.indexAround(pointer);
  const std::uint32_t granule = std::uint32_t{1} << (index % bits::per_word);
  for (std::uint32_t back = 0; back <= index % bits::per_word; ++back) {
    if ((cellsOf(pool)[index - back].load() & granule) != 0) return index - back;
  }
  return index;
}

}  // namespace millpond
