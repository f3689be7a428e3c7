// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/pool/Runs.h"

#include "millpond/base/Counter.h"

namespace millpond {

namespace {

MILLPOND_INLINE Word& cellOf(const Pool& pool, std::uint32_t index) { return pool.behind()[1 + index]; }

// For a pool of one word, in which the reserve and the peak are exact.
MILLPOND_HOT std::uint32_t takeFromOneWord(const Pool& pool, std::uint32_t length, std::uint32_t keep) {
  Word* const bitmap = pool.bitmap();
  std::uint32_t free = bitmap->loadOrdered();
  while (const std::uint32_t starts = bits::runStarts(free, length)) {
    if (bits::countInline(free) < length + keep) break;
    const std::uint32_t run = bits::run(bits::lowestBit(starts), length);
    if (!bitmap->compareExchange(free, free ^ run)) continue;
    const std::uint32_t index = bits::lowest(starts);
    cellOf(pool, index).store(run);
    return run_pool::notePeak(bitmap, free ^ run, index);
  }
  return Pool::none;
}

// Separate, so that the search needs less stack. `held`: the granules held with the run, as far as was seen.
[[gnu::noinline]] MILLPOND_HOT std::uint32_t record(const Pool& pool, std::uint32_t index, std::uint32_t run,
                                                    std::uint32_t held) {
  cellOf(pool, index).store(run);
  const std::uint32_t now = pool.inUse();
  counter::raise(*pool.behind(), held > now ? held : now);
  return index;
}

MILLPOND_HOT std::uint32_t takeFromWords(const Pool& pool, std::uint32_t length, std::uint32_t keep) {
  for (std::uint32_t word = 0; word < pool.words(); ++word) {
    Word& bitmap = pool.bitmap()[word];
    std::uint32_t free = bitmap.loadOrdered();
    while (const std::uint32_t starts = bits::runStarts(free, length)) {
      const std::uint32_t held = pool.inUse() + length;
      if (held + keep > pool.geometry().count()) return Pool::none;
      const std::uint32_t run = bits::run(bits::lowestBit(starts), length);
      if (!bitmap.compareExchange(free, free ^ run)) continue;
      return record(pool, word * bits::per_word + bits::lowest(starts), run, held);
    }
  }
  return Pool::none;
}

}  // namespace

std::uint32_t run_pool::take(Pool& pool, std::size_t granules, Access access) {
  MILLPOND_REQUIRE(granules != 0);
  if (granules > bits::per_word) return Pool::none;
  const auto length = static_cast<std::uint32_t>(granules);
  const std::uint32_t keep = pool.keep(access);
  return pool.traits().has(PoolTraits::many_words) ? takeFromWords(pool, length, keep)
                                                   : takeFromOneWord(pool, length, keep);
}

std::uint32_t run_pool::takeFromCell(const Pool& pool, std::uint32_t index) {
  return takeFromCell(cellOf(pool, index));
}

bool run_pool::give(Pool& pool, std::uint32_t index) {
  const std::uint32_t run = takeFromCell(pool, index);
  if (run != 0) pool.wordOf(index).setBits(run);
  return run != 0;
}

std::uint32_t run_pool::heldAt(const Pool& pool, std::uint32_t index) {
  return bits::count(cellOf(pool, index).load());
}

std::uint32_t run_pool::notePeak(Word* bitmap, std::uint32_t left, std::uint32_t index) {
  Word& fullest = bitmap[1];
  const std::uint32_t count = bits::count(left);
  std::uint32_t seen = fullest.loadOrdered();
  while (count < bits::count(seen) && !fullest.compareExchange(seen, left)) continue;
  return index;
}

std::uint32_t run_pool::peakOf(const Pool& pool) {
  const std::uint32_t peak = pool.behind()->load();
  return pool.traits().has(PoolTraits::many_words) ? peak : pool.geometry().count() - bits::count(peak);
}

// Resets to nothing first: a run taken before that is seen by the read after it, and a run taken later is
// noted by its caller.
void run_pool::resetPeak(Pool& pool) {
  const bool many = pool.traits().has(PoolTraits::many_words);
  const std::uint32_t nothing = many ? 0 : bits::ones(pool.geometry().count());
  pool.behind()->update([nothing](std::uint32_t) MILLPOND_INLINED { return nothing; });
  if (pool.geometry().isNowhere()) return;  // all are taken, and nobody holds one
  if (many) return counter::raise(*pool.behind(), pool.inUse());
  notePeak(pool.bitmap(), pool.bitmap()->loadOrdered(), 0);
}

std::uint32_t run_pool::startAround(const Pool& pool, std::uint32_t index) {
  const std::uint32_t granule = std::uint32_t{1} << (index % bits::per_word);
  for (std::uint32_t back = 0; back <= index % bits::per_word; ++back) {
    if ((cellOf(pool, index - back).load() & granule) != 0) return index - back;
  }
  return index;
}

}  // namespace millpond
