// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/Access.h"
#include "millpond/Hot.h"
#include "millpond/base/Bits.h"
#include "millpond/base/Require.h"
#include "millpond/pool/Pool.h"
#include "millpond/pool/Shape.h"

/// The operations on a pool whose units are blocks. Context of each: any.
///
/// A pool of more than 32 blocks has a summary: a set bit says that its word may have a free block. The
/// summary is a hint; the words are authoritative. A hint that is wrong, because another caller is between
/// its two steps, costs one more read.
namespace millpond::block_pool {

/// Words of state: the bitmap, its summary if it has more than one word, and the reserve.
constexpr std::size_t stateWords(std::size_t count, std::size_t reserve = 0) {
  return PoolTraits::of(count, reserve).wordsBefore() + bits::words(count);
}

/// Effect: takes the lowest free block of a word. Returns: its index in the pool, or `Pool::none`.
MILLPOND_INLINE std::uint32_t takeFromWord(Word* bitmap, std::uint32_t word) {
  const std::uint32_t free = bitmap[word].update(bits::takeLowest);
  if (free == 0) return Pool::none;
  if (bits::withoutLowest(free) == 0) {
    Word& summary = bitmap[-1];
    summary.clearBits(std::uint32_t{1} << word);
    // A block freed before the hint was cleared would otherwise be missed. The clearing orders this read.
    if (bitmap[word].load() != 0) summary.setBits(std::uint32_t{1} << word);
  }
  return word * bits::per_word + bits::lowest(free);
}

/// Effect: takes the lowest free block. Returns: its index, or `Pool::none`; above 32 blocks also if the
/// summary was wrong, so that `take` must decide. Requires: nothing is reserved.
template <class Shape>
MILLPOND_INLINE std::uint32_t takeFast(Shape shape) {
  if (shape.oneWord()) {
    const std::uint32_t free = shape.bitmap()->update(bits::takeLowest);
    if (free == 0) return Pool::none;
    const std::uint32_t index = shape.lowest(free);
    if (index >= bits::per_word) __builtin_unreachable();  // so no caller checks again whether it is `none`
    return index;
  }
  const std::uint32_t hint = shape.bitmap()[-1].load();
  return hint != 0 ? takeFromWord(shape.bitmap(), bits::lowest(hint)) : Pool::none;
}

/// Effect: takes a free block with the rights of `access`. Returns: its index, or `Pool::none`. The reserve
/// is exact up to 32 blocks; above, it is best effort: racing ordinary callers may dip into it.
MILLPOND_HOT std::uint32_t take(Pool& pool, Access access);

/// Effect: frees block `index`. Returns: false, with nothing changed, if it is free. Requires: index < count.
template <class Shape>
MILLPOND_INLINE bool give(Shape shape, std::uint32_t index) {
  MILLPOND_REQUIRE(index < shape.count());
  const std::uint32_t block = std::uint32_t{1} << (index % bits::per_word);
  if (shape.oneWord()) return shape.bitmap()->setBits(block) == 0;
  const std::uint32_t word = index / bits::per_word;
  const std::uint32_t free =
      shape.bitmap()[word].update([block](std::uint32_t seen) MILLPOND_INLINED { return seen | block; });
  if (free == 0) shape.bitmap()[-1].setBits(std::uint32_t{1} << word);
  return (free & block) == 0;
}

/// 1 if block `index` is held at this moment, else 0. Requires: index < count.
MILLPOND_INLINE std::uint32_t heldAt(const Pool& pool, std::uint32_t index) {
  MILLPOND_REQUIRE(index < pool.geometry().count());
  return pool.isFree(index) ? 0 : 1;
}

}  // namespace millpond::block_pool
