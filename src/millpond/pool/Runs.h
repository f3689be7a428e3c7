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

/// The operations on a pool whose units are granules, taken in runs of up to 32. Context of each: any.
///
/// After the bitmap come the peak and a cell for each granule. A cell belongs to the granule with its index.
/// It holds the run that starts there, as the run's bits in the bitmap's word, or 0. In a pool of one word
/// the peak is the bitmap with the fewest free granules; in a larger pool, the most granules held.
namespace millpond::run_pool {

/// Words of state: the bitmap, the peak, the cells, and the reserve.
constexpr std::size_t stateWords(std::size_t granules, std::size_t reserve = 0) {
  return PoolTraits::of(granules, reserve).with(PoolTraits::runs).wordsBefore() + bits::words(granules) + 1 +
         granules;
}

/// Granules of 2^shift bytes for a request of `size` bytes, at least 1. For size 0, more than any pool has,
/// if a granule is at least two bytes.
MILLPOND_INLINE constexpr std::size_t granulesFor(std::size_t size, unsigned shift) {
  return ((size - 1) >> shift) + 1;
}

/// A run that was taken: its first granule, or `Pool::none`; and the granules `left` free then.
struct Taken {
  std::uint32_t first = Pool::none;
  std::uint32_t left = 0;
  /// The bitmap with the fewest free granules so far.
  std::uint32_t fullest = 0;

  /// If `left` includes all granules that were free in the fullest bitmap, this is no new peak: one
  /// comparison nearly always suffices.
  MILLPOND_INLINE bool mayBePeak() const { return (left & fullest) != fullest; }
};

/// Effect: takes `granules` adjacent granules; the caller must note a possible new peak. Requires: one word
/// of granules, and nothing is reserved.
template <class Shape>
MILLPOND_INLINE Taken takeFast(Shape shape, std::size_t granules) {
  if (granules - 1 >= shape.count()) return {};
  const auto length = static_cast<std::uint32_t>(granules);
  Word* const bitmap = shape.bitmap();
  std::uint32_t free = bitmap->load();
  while (true) {
    const std::uint32_t starts = bits::runStarts(free, length);
    if (starts == 0) return {};
    const std::uint32_t run = bits::run(bits::lowestBit(starts), length);
    const std::uint32_t left = free ^ run;
    if (!bitmap->compareExchange(free, left)) continue;
    const std::uint32_t first = shape.lowest(starts);
    if (first >= bits::per_word) __builtin_unreachable();
    (bitmap + first)[2].store(run);  // relaxed: the caller owns the run's granules, and so the cell
    return {first, left, bitmap[1].loadOrdered()};  // see `resetPeak`
  }
}

/// Effect: takes a run with the rights of `access` and notes the peak. Returns: the index of its first
/// granule, or `Pool::none`. Requires: granules >= 1.
MILLPOND_HOT std::uint32_t take(Pool& pool, std::size_t granules, Access access);

/// Effect: raises the peak if the run from `index`, which left `left` free, makes a new one. Requires: one
/// word of granules. Returns: `index`.
MILLPOND_HOT std::uint32_t notePeak(Word* bitmap, std::uint32_t left, std::uint32_t index);

/// Effect: takes the run out of `cell`: the caller that does so is the one that frees it. Returns: its bits,
/// or 0.
MILLPOND_INLINE std::uint32_t takeFromCell(Word& cell) {
  return cell.update([](std::uint32_t) MILLPOND_INLINED { return 0U; });
}
MILLPOND_HOT std::uint32_t takeFromCell(const Pool& pool, std::uint32_t index);

/// Effect: frees the run from `index`. Returns: false, with nothing changed, if none starts there. Requires:
/// one word of granules; index < count.
template <class Shape>
MILLPOND_INLINE bool giveFast(Shape shape, std::uint32_t index) {
  MILLPOND_REQUIRE(shape.oneWord() && index < shape.count());
  const std::uint32_t run = takeFromCell((shape.bitmap() + index)[2]);
  if (run != 0) shape.bitmap()->setBits(run);
  return run != 0;
}

/// As above, for any number of words.
MILLPOND_HOT bool give(Pool& pool, std::uint32_t index);

/// Granules of the held run that starts at `index`; 0 if none does.
MILLPOND_HOT std::uint32_t heldAt(const Pool& pool, std::uint32_t index);

/// The start of the held run that contains granule `index`, as an index; `index` if none is held. Cost: up to
/// 32 steps.
MILLPOND_HOT std::uint32_t startAround(const Pool& pool, std::uint32_t index);

/// The most granules that were held at once.
MILLPOND_HOT std::uint32_t peakOf(const Pool& pool);

/// Effect: restarts the peak from what is held now. Context: task.
void resetPeak(Pool& pool);

}  // namespace millpond::run_pool
