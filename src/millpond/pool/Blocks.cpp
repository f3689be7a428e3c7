// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/pool/Blocks.h"

namespace millpond {

namespace {

// Takes the lowest free block of a pool of one word, if more than `keep` are free.
MILLPOND_HOT std::uint32_t takeKeeping(Word& bitmap, std::uint32_t keep) {
  std::uint32_t free = bitmap.loadOrdered();
  do {
    if (bits::count(free) <= keep) return Pool::none;
  } while (!bitmap.compareExchange(free, bits::withoutLowest(free)));
  return bits::lowest(free);
}

// The same as `takeFromWord`, once in the code.
[[gnu::noinline]] MILLPOND_HOT std::uint32_t takeFromWordOf(const Pool& pool, std::uint32_t word) {
  return block_pool::takeFromWord(pool.bitmap(), word);
}

}  // namespace

// Every word is read before a request is refused: a block may have been freed in a word whose hint is
// cleared.
std::uint32_t block_pool::take(Pool& pool, Access access) {
  const std::uint32_t keep = pool.keep(access);
  if (!pool.traits().has(PoolTraits::many_words)) return takeKeeping(*pool.bitmap(), keep);
  if (keep != 0 && pool.geometry().count() - pool.inUse() <= keep) return Pool::none;
  for (std::uint32_t hint = pool.summary().load(); hint != 0; hint = bits::withoutLowest(hint)) {
    const std::uint32_t index = takeFromWordOf(pool, bits::lowest(hint));
    if (index != Pool::none) return index;
  }
  for (std::uint32_t word = 0; word < pool.words(); ++word) {
    const std::uint32_t index = takeFromWordOf(pool, word);
    if (index != Pool::none) return index;
  }
  return Pool::none;
}

}  // namespace millpond
