// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/BlockPool.h"

namespace millpond {

MILLPOND_HOT_DATA const PoolKind BlockPool::few{&BlockPool::takeFew, &BlockPool::giveFew,
                                                &BlockPool::reopenOneWord};
MILLPOND_HOT_DATA const PoolKind BlockPool::many{&BlockPool::takeMany, &BlockPool::giveMany,
                                                 &BlockPool::reopenMany};

BlockPool::BlockPool(std::byte* base, std::size_t block_size, std::size_t count, Word* state)
    : Pool(base, {block_size, count, traitsOf(count, 0).bits()}, state) {
  const PoolKind& kind = traits().has(PoolTraits::many) ? many : few;
  kind.reopen(*this);
}

std::uint32_t BlockPool::takeAny(Pool& pool, Access access) {
  return pool.traits().has(PoolTraits::many) ? takeMany(pool, 1, access) : takeFew(pool, 1, access);
}

void* BlockPool::allocateUnlikely() {
  const std::uint32_t index = takeAny(*this, Access::ordinary);
  return index == none ? nullptr : geometry().address(index);
}

std::uint32_t BlockPool::takeFew(Pool& pool, std::size_t /*length*/, Access access) {
  const std::uint32_t keep = pool.keep(access);
  Word& bitmap = pool.state_[0];
  std::uint32_t free = bitmap.loadOrdered();
  do {
    if (bits::count(free) <= keep) return none;
  } while (!bitmap.compareExchange(free, bits::withoutLowest(free)));
  return bits::lowest(free);
}

// A summary bit says that its word may have a free block. It is a hint; the words are the truth. A hint
// that is wrong, because another caller is between its two steps, costs one more look.
std::uint32_t BlockPool::takeMany(Pool& pool, std::size_t /*length*/, Access access) {
  const std::uint32_t keep = pool.keep(access);
  if (keep != 0 && pool.geometry_.count() - pool.inUse() <= keep) return none;
  for (std::uint32_t hint = pool.summary().load(); hint != 0; hint = bits::withoutLowest(hint)) {
    const std::uint32_t index = takeFromWord(pool, bits::lowest(hint));
    if (index != none) return index;
  }
  // Before a request is refused the truth decides: a block may have come back behind a cleared hint.
  for (std::uint32_t word = 0; word < pool.words(); ++word) {
    const std::uint32_t index = takeFromWord(pool, word);
    if (index != none) return index;
  }
  return none;
}

bool BlockPool::giveFew(Pool& pool, std::uint32_t index) { return givePlainly(pool, PoolTraits(), index); }

bool BlockPool::giveMany(Pool& pool, std::uint32_t index) {
  return givePlainly(pool, PoolTraits(PoolTraits::many), index);
}

void BlockPool::reopenMany(Pool& pool) {
  reopenWords(pool);
  pool.summary().setBits(bits::ones(pool.words()));
}

}  // namespace millpond
