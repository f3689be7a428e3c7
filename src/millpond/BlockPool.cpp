// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/BlockPool.h"

namespace millpond {

BlockPool::BlockPool(std::byte* base, const BlockGeometry::Shape& shape, Word* state, std::size_t reserve)
    : Pool(base, shape, state, reserve, PoolTraits::of(shape.count, reserve)) {
  reopen();
}

void* BlockPool::allocateAs(Access access) {
  const std::uint32_t index = takeAs(*this, access);
  return index == none ? nullptr : geometry().address(index);
}

std::uint32_t BlockPool::takeAs(Pool& pool, Access access) {
  if (pool.standsBack(access)) return none;
  const std::uint32_t keep = pool.keep(access);
  if (pool.traits().has(PoolTraits::many)) return seek(pool, keep);
  std::uint32_t free = pool.state_[0].loadOrdered();
  do {
    const bool spare = keep == 0 ? free != 0 : bits::count(free) > keep;
    if (!spare) return none;
  } while (!pool.state_[0].compareExchange(free, bits::withoutLowest(free)));
  return bits::lowest(free);
}

// A summary bit says that its word may have a free block. It is a hint; the words are the truth. A hint
// that is wrong, because another caller is between its two steps, costs one more look.
std::uint32_t BlockPool::seek(Pool& pool, std::uint32_t keep) {
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

}  // namespace millpond
