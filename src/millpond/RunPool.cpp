// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/RunPool.h"

#include "millpond/Counter.h"

namespace millpond {

MILLPOND_HOT_DATA const PoolKind RunPool::few{&RunPool::takeFew, &RunPool::giveFew, &RunPool::reopenOneWord};
MILLPOND_HOT_DATA const PoolKind RunPool::many{&RunPool::takeMany, &RunPool::giveMany, &RunPool::reopenWords};

RunPool::RunPool(std::byte* base, std::size_t granule_size, std::size_t count, Word* state)
    : Pool(base, {granule_size, count, traitsOf(count, 0).bits()}, state) {
  if (!traits().has(PoolTraits::many)) state[1].store(bits::ones(count));
  kind().reopen(*this);
}

std::uint32_t RunPool::takeFew(Pool& pool, std::size_t granules, Access access) {
  if (granules > bits::per_word) return none;
  const auto length = static_cast<std::uint32_t>(granules);
  const std::uint32_t least = length + pool.keep(access);
  Word* const state = pool.state_;
  std::uint32_t free = state[0].loadOrdered();
  while (const std::uint32_t starts = bits::runStarts(free, length)) {
    if (bits::count(free) < least) break;
    const std::uint32_t run = bits::run(bits::lowestBit(starts), length);
    const std::uint32_t left = free ^ run;
    if (!state[0].compareExchange(free, left)) continue;
    const std::uint32_t index = bits::lowest(starts);
    state[index + 2].store(run);
    return notePeak(pool, left, index);
  }
  return none;
}

std::uint32_t RunPool::takeMany(Pool& pool, std::size_t granules, Access access) {
  if (granules > bits::per_word) return none;
  const auto length = static_cast<std::uint32_t>(granules);
  const std::uint32_t keep = pool.keep(access);
  for (std::uint32_t word = 0; word < pool.words(); ++word) {
    std::uint32_t free = pool.state_[word].loadOrdered();
    while (const std::uint32_t starts = bits::runStarts(free, length)) {
      const std::uint32_t held = pool.inUse() + length;
      if (held + keep > pool.geometry_.count()) return none;
      const std::uint32_t run = bits::run(bits::lowestBit(starts), length);
      if (!pool.state_[word].compareExchange(free, free ^ run)) continue;
      const std::uint32_t index = word * bits::per_word + bits::lowest(starts);
      cellsOf(pool)[index].store(run);
      const std::uint32_t now = pool.inUse();
      counter::raise(*pool.behind(), held > now ? held : now);
      return index;
    }
  }
  return none;
}

bool RunPool::giveFew(Pool& pool, std::uint32_t index) { return givePlainly(pool, PoolTraits(), index); }

bool RunPool::giveMany(Pool& pool, std::uint32_t index) {
  return giveTo(pool.wordOf(index), cellsOf(pool)[index]);
}

std::uint32_t RunPool::notePeak(const Pool& pool, std::uint32_t left, std::uint32_t index) {
  Word& fullest = pool.state_[1];
  const std::uint32_t count = bits::count(left);
  std::uint32_t seen = fullest.load();
  while (count < bits::count(seen) && !fullest.compareExchange(seen, left)) continue;
  return index;
}

std::uint32_t RunPool::peakOf(const Pool& pool) {
  const std::uint32_t peak = pool.behind()->load();
  return pool.traits().has(PoolTraits::many) ? peak : pool.geometry_.count() - bits::count(peak);
}

std::uint32_t RunPool::startAround(const Pool& pool, std::uint32_t index) {
  const std::uint32_t granule = std::uint32_t{1} << (index % bits::per_word);
  for (std::uint32_t back = 0; back <= index % bits::per_word; ++back) {
    if ((cellsOf(pool)[index - back].load() & granule) != 0) return index - back;
  }
  return index;
}

}  // namespace millpond
