// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/Hot.h"
#include "millpond/base/Require.h"
#include "millpond/pool/Blocks.h"

namespace millpond {

/// A pool of 1 to 1024 blocks of one size. Its whole state is a bitmap of the free blocks.
///
/// - Constant time: no loop over blocks, no division, no dependence on fill or history. One atomic
///   read-modify-write per operation for up to 32 blocks. Above, one more if a word of 32 blocks becomes
///   empty or ceases to be; and a request that the pool must refuse first reads every word.
/// - Safe from any thread, core and interrupt at once; lock-free.
/// - No pool data is stored inside a block, and the lowest free block is taken first.
/// - A pointer that is not a held block's start is refused: nothing changes, and the call returns false.
///
///     StaticBlockPool<4096, 4> pool;
///     void* block = pool.allocate();        // nullptr when all four are held
///     bool freed = pool.deallocate(block);  // false for a double free, a foreign or an interior pointer
class BlockPool : public Pool {
 public:
  static constexpr std::size_t max_blocks = max_units;

  /// Words of state for `blocks` blocks.
  static constexpr std::size_t stateWords(std::size_t blocks) { return block_pool::stateWords(blocks); }

  /// Effect: a pool of free blocks in the memory from `base`. Requires: `count` from 1 to `max_blocks`; a
  /// block size of at least 2, whose inverse fits a word even on a core without a rotate instruction; `state`
  /// of `stateWords(count)` zeroed words, which must outlive the pool, as must the memory. Context: task.
  BlockPool(std::byte* base, std::size_t block_size, std::size_t count, Word* state)
      : Pool(base, {block_size, count, PoolTraits::of(count, 0).bits()}, state) {
    MILLPOND_REQUIRE(count - 1 < max_blocks && block_size >= 2);
    open();
  }

  /// Effect: takes a block. Returns: its start, or nullptr if all are held.
  /// Cost: constant. Context: any.
  MILLPOND_HOT void* allocate() {
    const std::uint32_t index = take();
    return index != none ? geometry().address(index) : nullptr;
  }

  /// Effect: frees the block that starts at `pointer`. Returns: false, with nothing changed, if no block of
  /// this pool starts there or the block is already free. Cost: constant. Context: any.
  MILLPOND_HOT bool deallocate(const void* pointer) {
    const auto [index, word] = geometry().find(pointer);
    const LoadedShape shape(*this, PoolTraits(word));
    return index < shape.count() && block_pool::give(shape, static_cast<std::uint32_t>(index));
  }

  /// As `allocate`, by index. Returns: the block's index, or `none`.
  MILLPOND_HOT std::uint32_t take() {
    const LoadedShape shape(*this);
    const std::uint32_t index = block_pool::takeFast(shape);
    return index != none || shape.oneWord() ? index : block_pool::take(*this, Access::ordinary);
  }

  /// As `deallocate`, by index. Requires: index < count.
  MILLPOND_HOT bool give(std::uint32_t index) { return block_pool::give(LoadedShape(*this), index); }

  /// 1 if block `index` is held at this moment, else 0. Requires: index < count. Context: any.
  MILLPOND_HOT std::uint32_t heldAt(std::uint32_t index) const { return block_pool::heldAt(*this, index); }

  /// The index of the block that contains `pointer`. Requires: `geometry().contains(pointer)`.
  std::uint32_t startAround(const void* pointer) const {
    MILLPOND_REQUIRE(geometry().contains(pointer));
    return geometry().indexAround(pointer);
  }
};

/// A `BlockPool` with its memory: `count` blocks of `block_size` bytes aligned to `alignment`.
///
/// `allocate` and `deallocate` are `BlockPool`'s with shifts and constants instead of loads. They are inlined
/// into the caller, and so into the section of an interrupt's code.
template <std::size_t block_size, std::size_t count, std::size_t alignment = alignof(std::max_align_t)>
class StaticBlockPool : PoolStorage<block_size, count, block_pool::stateWords(count), alignment>,
                        public BlockPool {
  static_assert(count >= 1 && count <= max_blocks, "Millpond: a pool has from 1 to 1024 blocks");
  static_assert(block_size > 1 && block_size % alignment == 0,
                "Millpond: the block size must be a multiple of the alignment, and more than 1");
  static_assert(block_size <= UINT32_MAX / count, "Millpond: the pool is larger than 4 GiB");

 public:
  /// Effect: makes a pool with all blocks free. Context: task.
  StaticBlockPool() : BlockPool(this->memory, block_size, count, this->state) {}

  /// As `BlockPool::allocate`, with the geometry known at compile time.
  MILLPOND_INLINE void* allocate() {
    if constexpr (count > bits::per_word) return BlockPool::allocate();
    const std::uint32_t index = block_pool::takeFast(shape());
    return index == none ? nullptr : shape().address(index);
  }

  /// As `BlockPool::deallocate`, with the geometry known at compile time.
  MILLPOND_INLINE bool deallocate(const void* pointer) {
    if constexpr (count > bits::per_word) return BlockPool::deallocate(pointer);
    const std::uintptr_t index = shape().indexOf(pointer);
    return index < count && block_pool::give(shape(), static_cast<std::uint32_t>(index));
  }

 private:
  MILLPOND_INLINE FixedShape<block_size, count> shape() { return {this->memory, this->state}; }
};

}  // namespace millpond
