// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/Bits.h"
#include "millpond/BlockGeometry.h"
#include "millpond/FreeMap.h"
#include "millpond/PoolAccess.h"
#include "millpond/port/Port.h"

namespace millpond {

/// A pool of 1 to 1024 blocks of one size, whose whole state is a bitmap of the free ones.
///
/// - Constant time: no loop over blocks, no division, no dependence on fill or history. One atomic
///   read-modify-write an operation for up to 32 blocks. Beyond that, one more when a word of 32 blocks
///   becomes empty or stops being so; and a request that the pool must refuse first reads every word.
/// - Safe from any thread, core and interrupt at once; lock-free.
/// - Nothing of the pool is kept inside a block, and the lowest free block is taken first.
/// - A pointer that is not a held block's start is refused: nothing changes, and the caller is told.
///
///     StaticBlockPool<4096, 4> pool;
///     void* block = pool.allocate();        // nullptr when all four are held
///     bool freed = pool.deallocate(block);  // false for a second free, a foreign or an interior pointer
class BlockPool {
 public:
  /// Stands for "no block".
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  static constexpr std::size_t max_blocks = std::size_t{bits::per_word} * bits::per_word;

  /// Words of state for `blocks` blocks: the bitmap, and a summary above more than one word of it.
  static constexpr std::size_t stateWords(std::size_t blocks) {
    return bits::words(blocks) + (blocks > bits::per_word ? 1 : 0);
  }

  /// Effect: a pool of free blocks in the memory from `base`, the last `reserve` of which only callers with
  /// `Access::reserved` may take. Requires: `geometry.count()` from 1 to `max_blocks`, reserve < count;
  /// `state` of `stateWords(count)` zeroed words, which like the memory must outlive the pool.
  BlockPool(const BlockGeometry& geometry, Word* state, std::size_t reserve = 0);
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;

  /// Effect: takes a block. Returns: its start, or nullptr when all are held.
  /// Cost: constant. Context: any.
  void* allocate() {
    const std::uint32_t index = take();
    return index == none ? nullptr : geometry_.address(index);
  }

  /// Effect: gives back the block that starts at `pointer`. Returns: false, with nothing changed, where
  /// that is no block of this pool or the block is free already. Cost: constant. Context: any.
  bool deallocate(const void* pointer) {
    const std::uintptr_t index = geometry_.indexOf(pointer);
    return index < geometry_.count() && give(static_cast<std::uint32_t>(index));
  }

  /// As `allocate`, by index. Returns: the block's index, or `none`.
  std::uint32_t take() { return plain() ? takePlainly() : takeAs(Access::ordinary); }

  /// Whether one word holds the whole state, nothing is reserved and nobody waits.
  bool plain() const { return mode_.plain(); }
  /// As `take`. Requires: `plain()`.
  std::uint32_t takePlainly() {
    const std::uint32_t free = state_[0].update(bits::withoutLowest);
    return free == 0 ? none : bits::lowest(free);
  }
  std::uint32_t takePlainlyFor(std::size_t /*size*/) { return takePlainly(); }

  /// As `take`, with the rights of `access`.
  std::uint32_t takeAs(Access access);

  /// The largest request a block can hold, in bytes.
  std::size_t maxRequest() const { return geometry_.blockSize(); }
  /// As `takeAs`. Requires: size <= maxRequest().
  std::uint32_t takeFor(std::size_t /*size*/, Access access) { return takeAs(access); }

  /// As `deallocate`, by index. Requires: index < count.
  bool give(std::uint32_t index) {
    if (mode_.many()) return giveToMany(index);
    return state_[0].setBits(std::uint32_t{1} << index) == 0;
  }

  /// 1 where block `index` is held just now, else 0. Requires: index < count. Context: any.
  std::uint32_t heldAt(std::uint32_t index) const { return freemap::isHeld(state_, index) ? 1 : 0; }

  /// The index of the block that `pointer` lies in. Requires: `geometry().contains(pointer)`.
  std::uint32_t startAround(const void* pointer) const { return geometry_.indexAround(pointer); }

  /// Blocks held just now. Cost: one step for each word of 32 blocks. Context: any.
  std::uint32_t inUse() const { return freemap::held(state_, geometry_.count()); }

  /// Effect: takes every block at once, so that the pool has none, if all are free. Returns: whether they
  /// were. Then the caller may move the pool's memory by `moveTo`, and `reopen` the pool. Context: task.
  bool close();
  void moveTo(std::byte* base) { geometry_.moveTo(base); }
  void reopen();

  /// Effect: while `waited` only the first that waits, and callers with `Access::reserved`, are served.
  void setWaited(bool waited) { mode_.setWaited(waited); }

  const BlockGeometry& geometry() const { return geometry_; }

 private:
  std::uint32_t takeFromMany(std::uint32_t keep);
  bool giveToMany(std::uint32_t index);
  std::uint32_t takeFromWord(std::uint32_t word);
  Word& summary() { return state_[bits::words(geometry_.count())]; }

  BlockGeometry geometry_;
  Word* state_;
  [[no_unique_address]] PoolMode mode_;
};

/// A `BlockPool` with its memory: `count` blocks of `block_size` bytes aligned to `alignment`.
template <std::size_t block_size, std::size_t count, std::size_t alignment = alignof(std::max_align_t)>
class StaticBlockPool : PoolStorage<block_size, count, BlockPool::stateWords(count), alignment>,
                        public BlockPool {
  static_assert(count >= 1 && count <= max_blocks, "Millpond: a pool has from 1 to 1024 blocks");
  static_assert(block_size > 0 && block_size % alignment == 0,
                "Millpond: the block size must be a positive multiple of the alignment");
  static_assert(block_size <= UINT32_MAX / count, "Millpond: the pool is larger than 4 GiB");

 public:
  StaticBlockPool() : BlockPool({this->memory.data(), block_size, count}, this->state.data()) {}
};

}  // namespace millpond
