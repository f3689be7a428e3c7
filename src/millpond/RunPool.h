// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "millpond/Bits.h"
#include "millpond/BlockGeometry.h"
#include "millpond/FreeMap.h"
#include "millpond/PoolAccess.h"
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
class RunPool {
 public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  static constexpr std::size_t max_granules = std::size_t{bits::per_word} * bits::per_word;

  /// Words of state for `granules` granules: the bitmap, and a cell for each.
  static constexpr std::size_t stateWords(std::size_t granules) { return bits::words(granules) + granules; }

  /// Effect: a pool of free granules, the last `reserve` of which only callers with `Access::reserved` may
  /// take. Requires: `geometry.count()` from 1 to `max_granules`, reserve < count, a granule size that is a
  /// power of two; `state` of `stateWords(count)` zeroed words, which like the memory outlives the pool.
  RunPool(const BlockGeometry& geometry, Word* state, std::size_t reserve = 0);
  RunPool(const RunPool&) = delete;
  RunPool& operator=(const RunPool&) = delete;

  /// Effect: takes as many granules as `size` bytes need. Returns: their start, or
  /// nullptr for a size of 0 and when no such run is free. Cost: constant. Context: any.
  void* allocate(std::size_t size) {
    const std::uint32_t index =
        size - 1 < maxRequest() ? take(granulesFor(size)) : none;  // a size of 0 wraps
    return index == none ? nullptr : geometry_.address(index);
  }

  /// Effect: gives back the run that starts at `pointer`. Returns: false, with nothing changed, where no
  /// held run does. Cost: constant. Context: any.
  bool deallocate(const void* pointer) {
    const std::uintptr_t index = geometry_.indexOf(pointer);
    return index < geometry_.count() && give(static_cast<std::uint32_t>(index));
  }

  /// As `allocate`, in granules. Requires: length >= 1. Returns: the index of the first, or `none`.
  std::uint32_t take(std::uint32_t length) { return takeAs(length, Access::ordinary); }

  /// As `take`, with the rights of `access`.
  std::uint32_t takeAs(std::uint32_t length, Access access);

  /// As `BlockPool`'s. Requires: 0 < size <= maxRequest().
  static bool plain() { return true; }
  std::uint32_t takePlainlyFor(std::size_t size) { return take(granulesFor(size)); }
  std::uint32_t takeFor(std::size_t size, Access access) { return takeAs(granulesFor(size), access); }

  /// As `deallocate`, by index. Requires: index < count.
  bool give(std::uint32_t index);

  /// Granules of the run held from `index`; 0 where none starts there. Context: any.
  std::uint32_t heldAt(std::uint32_t index) const { return cells()[index].load(); }

  /// The index at which the held run that `pointer` lies in starts; its granule's where none is held.
  /// Requires: `geometry().contains(pointer)`. Cost: up to 32 steps. Context: any.
  std::uint32_t startAround(const void* pointer) const;

  /// Granules held just now. Cost: one step for each word of 32. Context: any.
  std::uint32_t inUse() const { return freemap::held(state_, geometry_.count()); }

  /// The most granules that were held at once. Never falls. Exact up to 32 granules; beyond, except
  /// for what other callers take and give back in the same instant. Context: any.
  std::uint32_t peak() const { return peak_.load(); }

  /// The largest request that an empty pool can serve, in bytes.
  std::size_t maxRequest() const {
    return std::size_t{geometry_.blockSize()} *
           (geometry_.count() < bits::per_word ? geometry_.count() : bits::per_word);
  }

  /// Granules that a request of `size` bytes takes, from 1.
  std::uint32_t granulesFor(std::size_t size) const {
    return static_cast<std::uint32_t>((size - 1) >> geometry_.shift()) + 1;
  }

  /// As `BlockPool`'s.
  bool close() { return freemap::takeAll(state_, geometry_.count()); }
  void moveTo(std::byte* base) { geometry_.moveTo(base); }
  void reopen() { freemap::fill(state_, geometry_.count()); }
  void setWaited(bool waited) { mode_.setWaited(waited); }

  const BlockGeometry& geometry() const { return geometry_; }

 private:
  // A cell belongs to the granule of its index: the length of the run held from there, or 0.
  Word* cells() const { return state_ + bits::words(geometry_.count()); }
  std::uint32_t takeFromWord(std::uint32_t word, std::uint32_t length, std::uint32_t keep);

  BlockGeometry geometry_;
  Word* state_;
  Word peak_;
  [[no_unique_address]] PoolMode mode_;
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
  StaticRunPool() : RunPool({this->memory.data(), granule_size, count}, this->state.data()) {}
};

}  // namespace millpond
