// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "millpond/Bits.h"
#include "millpond/BlockGeometry.h"
#include "millpond/Hot.h"
#include "millpond/Pool.h"
#include "millpond/port/Port.h"

namespace millpond {

/// A pool for requests of varied size: a request takes a run of 1 to 32 adjacent granules.
///
/// - A run is found by shift-and-and in at most five steps and taken by one atomic read-modify-write; a
///   free takes two. No run crosses a word of 32 granules, so a pool of w words looks at w words at most.
/// - Safe from any thread, core and interrupt at once; lock-free. Nothing of the pool lies in a granule.
/// - Only the start of a held run can be freed; an interior, foreign or free one is refused.
///
/// Bound: a request of r granules is served whenever fewer than w * floor(32 / r) granules are held, in a
/// pool of up to 32 granules fewer than floor(n / r): to keep it out, each such stretch of r granules must
/// hold one. It bites when small runs are scattered; docs/design.md has the argument.
///
///     StaticRunPool<512, 8> pool;
///     void* run = pool.allocate(700);     // two granules
///     bool freed = pool.deallocate(run);  // false where no held run starts there
class RunPool : public Pool {
 public:
  static constexpr std::size_t max_granules = max_units;

  /// Words of state for `granules` granules: the bitmap, the peak, a cell for each, and the reserve that a
  /// memory manager keeps.
  static constexpr std::size_t stateWords(std::size_t granules, std::size_t reserve = 0) {
    return traitsOf(granules, reserve).wordsBefore() + bits::words(granules) + 1 + granules;
  }
  static constexpr PoolTraits traitsOf(std::size_t granules, std::size_t reserve) {
    return PoolTraits::of(granules, reserve).with(PoolTraits::runs);
  }

  /// Effect: a pool of free granules. Requires: `count` from 1 to `max_granules`, a granule size that
  /// is a power of two; `state` of `stateWords(count)` zeroed words, which like the memory outlives the pool.
  RunPool(std::byte* base, std::size_t granule_size, std::size_t count, Word* state);

  /// Effect: takes as many granules as `size` bytes need. Returns: their start, or
  /// nullptr for a size of 0 and when no such run is free. Cost: constant. Context: any.
  MILLPOND_HOT void* allocate(std::size_t size) {
    const std::uint32_t index =
        size - 1 < maxRequest() ? take(granulesFor(size, geometry().shift())) : none;  // 0 wraps
    return index == none ? nullptr : geometry().address(index);
  }

  /// Effect: gives back the run that starts at `pointer`. Returns: false, with nothing changed, where no
  /// held run does. Cost: constant. Context: any.
  MILLPOND_HOT bool deallocate(const void* pointer) {
    const std::uintptr_t index = geometry().indexOf(pointer);
    return index < geometry().count() && give(static_cast<std::uint32_t>(index));
  }

  /// As `allocate`, in granules. Requires: length >= 1. Returns: the index of the first, or `none`.
  MILLPOND_HOT std::uint32_t take(std::size_t length) { return kind().take(*this, length, Access::ordinary); }

  /// As `deallocate`, by index. Requires: index < count.
  MILLPOND_HOT bool give(std::uint32_t index) { return kind().give(*this, index); }

  /// Granules of the run held from `index`; 0 where none starts there. Context: any.
  MILLPOND_HOT std::uint32_t heldAt(std::uint32_t index) const { return heldAt(*this, index); }

  /// The index at which the held run that `pointer` lies in starts; its granule's where none is held.
  /// Requires: `geometry().contains(pointer)`. Cost: up to 32 steps. Context: any.
  MILLPOND_HOT std::uint32_t startAround(const void* pointer) const {
    return startAround(*this, geometry().indexAround(pointer));
  }

  /// The most granules that were held at once. Never falls. Exact up to 32 granules; beyond, except
  /// for what other callers take and give back in the same instant. Context: any that reaches flash.
  std::uint32_t peak() const { return peakOf(*this); }

  /// Of up to 32 granules, and of more.
  static const PoolKind few;
  static const PoolKind many;

  /// What of a pool's traits keeps `givePlainly` from working on it.
  static constexpr unsigned not_given_plainly = PoolTraits::many;

 protected:
  friend struct TypedPool;

  // The operations, on any pool whose units are granules.

  /// Granules of 2^shift bytes that a request of `size` bytes takes, from 1; for a size of 0 more than any
  /// pool has, where a granule is at least two bytes.
  static std::size_t granulesFor(std::size_t size, unsigned shift) { return ((size - 1) >> shift) + 1; }

  /// Bytes that a request of `size` gets.
  static std::size_t grantedFor(const Pool& pool, std::size_t size) {
    const std::size_t granule = pool.geometry_.blockSize();
    return (size + granule - 1) & (0 - granule);
  }

  /// A run that was taken: its first granule, or `none`, and what was `left` free then.
  struct Taken {
    std::uint32_t first = none;
    std::uint32_t left = 0;
    /// The pool's peak, kept as what was free at that moment.
    std::uint32_t fullest = 0;

    /// Whatever leaves the same granules free as the peak, and maybe others, is no new one: so nearly always
    /// one look is enough.
    bool mayBePeak() const { return (left & fullest) != fullest; }
  };
  /// As `take`, but for noting the peak. Requires: the pool has these traits, which are plain.
  MILLPOND_INLINE static Taken takePlainly(Pool& pool, PoolTraits traits, std::size_t granules) {
    if (granules - 1 >= traits.count()) return {};  // so is any of a pool in zeroed memory, never made
    const auto length = static_cast<std::uint32_t>(granules);
    Word* const state = pool.state_;
    std::uint32_t free = state[0].load();
    while (true) {
      const std::uint32_t starts = bits::runStarts(free, length);
      if (starts == 0) return {};
      const std::uint32_t run = bits::run(bits::lowestBit(starts), length);
      const std::uint32_t left = free ^ run;
      if (!state[0].compareExchange(free, left)) continue;
      const std::uint32_t first = bits::lowest(starts);
      (state + first)[2].store(run);  // plain: the caller owns the run's granules, and so the cell
      return {first, left, state[1].load()};
    }
  }
  MILLPOND_HOT static std::uint32_t heldAt(const Pool& pool, std::uint32_t index) {
    return bits::count(cellsOf(pool)[index].load());
  }

  /// As `give`. Requires: one word of granules.
  MILLPOND_INLINE static bool givePlainly(Pool& pool, PoolTraits /*traits*/, std::uint32_t index) {
    Word* const state = pool.state_;
    return giveTo(state[0], (state + index)[2]);
  }

  /// Effect: raises the peak where the run from `index`, which left `left` free, makes a new one. Requires:
  /// one word of granules. Returns: `index`.
  MILLPOND_HOT static std::uint32_t notePeak(const Pool& pool, std::uint32_t left, std::uint32_t index);

  MILLPOND_HOT static std::uint32_t startAround(const Pool& pool, std::uint32_t index);
  static std::uint32_t peakOf(const Pool& pool);

 private:
  const PoolKind& kind() const { return traits().has(PoolTraits::many) ? many : few; }
  MILLPOND_HOT static std::uint32_t takeFew(Pool& pool, std::size_t granules, Access access);
  MILLPOND_HOT static std::uint32_t takeMany(Pool& pool, std::size_t granules, Access access);
  MILLPOND_HOT static bool giveFew(Pool& pool, std::uint32_t index);
  MILLPOND_HOT static bool giveMany(Pool& pool, std::uint32_t index);

  // A cell belongs to the granule of its index: the run held from there, as its bits in the bitmap's word; or
  // 0.
  [[gnu::always_inline]] static Word* cellsOf(const Pool& pool) { return pool.behind() + 1; }

  // Whoever takes the run out of the cell is the one that frees it.
  MILLPOND_HOT static bool giveTo(Word& word, Word& cell) {
    const std::uint32_t run = cell.update([](std::uint32_t) { return 0U; });
    if (run != 0) word.setBits(run);
    return run != 0;
  }
};

/// A `RunPool` with its memory: `count` granules of `granule_size` bytes aligned to `alignment`.
template <std::size_t granule_size, std::size_t count, std::size_t alignment = alignof(std::max_align_t)>
class StaticRunPool : PoolStorage<granule_size, count, RunPool::stateWords(count), alignment>,
                      public RunPool {
  static_assert(count >= 1 && count <= max_granules, "Millpond: a pool has from 1 to 1024 granules");
  static_assert(std::has_single_bit(granule_size) && granule_size % alignment == 0,
                "Millpond: the granule size must be a power of two and a multiple of the alignment");
  static_assert(granule_size <= UINT32_MAX / count, "Millpond: the pool is larger than 4 GiB");

 public:
  StaticRunPool() : RunPool(this->memory.data(), granule_size, count, this->state.data()) {}
};

}  // namespace millpond
