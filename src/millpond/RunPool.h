// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "millpond/Hot.h"
#include "millpond/base/Require.h"
#include "millpond/pool/Runs.h"

namespace millpond {

/// A pool for requests of varying size: a request takes a run of 1 to 32 adjacent granules.
///
/// - A run is found by shift-and-and in at most five steps and taken by one atomic read-modify-write; a free
///   takes two. No run crosses a word of 32 granules, so an allocation from a pool of w words reads at most w
///   words.
/// - Safe from any thread, core and interrupt at once; lock-free. No pool data is stored in a granule.
/// - Only the start of a held run can be freed; an interior, foreign or free pointer is refused.
///
/// Bound: in a pool of n <= 32 granules a request of r granules is served whenever fewer than floor(n / r)
/// granules are held. To block it, each such stretch of r granules must contain a held one. A larger pool has
/// the sum of its words' bounds: floor(32 / r) for each, and less for a last one that is not full. The bound
/// bites if small runs are scattered; docs/design.md has the argument.
///
///     StaticRunPool<512, 8> pool;
///     void* run = pool.allocate(700);     // two granules
///     bool freed = pool.deallocate(run);  // false if no held run starts there
class RunPool : public Pool {
 public:
  static constexpr std::size_t max_granules = max_units;

  /// Words of state for `granules` granules.
  static constexpr std::size_t stateWords(std::size_t granules) { return run_pool::stateWords(granules); }

  /// Effect: a pool of free granules. Requires: `count` from 1 to `max_granules`; a granule size that is a
  /// power of two; `state` of `stateWords(count)` zeroed words, which must outlive the pool, as must the
  /// memory. Context: task.
  RunPool(std::byte* base, std::size_t granule_size, std::size_t count, Word* state)
      : Pool(base, {granule_size, count, PoolTraits::of(count, 0).with(PoolTraits::runs).bits()}, state) {
    MILLPOND_REQUIRE(count - 1 < max_granules && std::has_single_bit(granule_size));
    open();
    run_pool::resetPeak(*this);
  }

  /// Effect: takes as many granules as `size` bytes need. Returns: their start, or nullptr for size 0 or if
  /// no such run is free. Cost: constant. Context: any.
  MILLPOND_HOT void* allocate(std::size_t size) {
    const std::uint32_t index =
        size - 1 < maxRequest() ? take(run_pool::granulesFor(size, geometry().shift())) : none;  // 0 wraps
    return index == none ? nullptr : geometry().address(index);
  }

  /// Effect: frees the run that starts at `pointer`. Returns: false, with nothing changed, if no held run
  /// starts there. Cost: constant. Context: any.
  MILLPOND_HOT bool deallocate(const void* pointer) {
    const std::uintptr_t index = geometry().indexOf(pointer);
    return index < geometry().count() && give(static_cast<std::uint32_t>(index));
  }

  /// As `allocate`, in granules. Requires: length >= 1. Returns: the index of the first granule, or `none`.
  MILLPOND_HOT std::uint32_t take(std::size_t length) {
    return run_pool::take(*this, length, Access::ordinary);
  }

  /// As `deallocate`, by index. Requires: index < count.
  MILLPOND_HOT bool give(std::uint32_t index) {
    MILLPOND_REQUIRE(index < geometry().count());
    return run_pool::give(*this, index);
  }

  /// Granules of the held run that starts at `index`; 0 if none does. Requires: index < count. Context: any.
  MILLPOND_HOT std::uint32_t heldAt(std::uint32_t index) const {
    MILLPOND_REQUIRE(index < geometry().count());
    return run_pool::heldAt(*this, index);
  }

  /// The start of the held run that contains `pointer`, as an index; the index of the pointer's own granule
  /// if it is not held.
  /// Requires: `geometry().contains(pointer)`. Cost: up to 32 steps. Context: any.
  MILLPOND_HOT std::uint32_t startAround(const void* pointer) const {
    MILLPOND_REQUIRE(geometry().contains(pointer));
    return run_pool::startAround(*this, geometry().indexAround(pointer));
  }

  /// The most granules that were held at once. Never falls. Exact up to 32 granules; above, except for what
  /// other callers take and free in the same instant. Context: any.
  MILLPOND_HOT std::uint32_t peak() const { return run_pool::peakOf(*this); }
};

/// A `RunPool` with its memory: `count` granules of `granule_size` bytes aligned to `alignment`.
template <std::size_t granule_size, std::size_t count, std::size_t alignment = alignof(std::max_align_t)>
class StaticRunPool : PoolStorage<granule_size, count, run_pool::stateWords(count), alignment>,
                      public RunPool {
  static_assert(count >= 1 && count <= max_granules, "Millpond: a pool has from 1 to 1024 granules");
  static_assert(std::has_single_bit(granule_size) && granule_size % alignment == 0,
                "Millpond: the granule size must be a power of two and a multiple of the alignment");
  static_assert(granule_size <= UINT32_MAX / count, "Millpond: the pool is larger than 4 GiB");

 public:
  /// Effect: makes a pool with all granules free. Context: task.
  StaticRunPool() : RunPool(this->memory, granule_size, count, this->state) {}
};

}  // namespace millpond
