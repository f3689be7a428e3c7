// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/Bits.h"
#include "millpond/BlockGeometry.h"
#include "millpond/Hot.h"
#include "millpond/Pool.h"
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
class BlockPool : public Pool {
 public:
  static constexpr std::size_t max_blocks = max_units;

  /// Words of state for `blocks` blocks: the bitmap, a summary of more than one word of it, and the reserve
  /// that a memory manager keeps.
  static constexpr std::size_t stateWords(std::size_t blocks, std::size_t reserve = 0) {
    return traitsOf(blocks, reserve).wordsBefore() + bits::words(blocks);
  }
  static constexpr PoolTraits traitsOf(std::size_t blocks, std::size_t reserve) {
    return PoolTraits::of(blocks, reserve);
  }

  /// Effect: a pool of free blocks in the memory from `base`. Requires: `count` from 1 to `max_blocks`;
  /// a block size of at least 2, whose inverse a core that cannot rotate still holds; `state` of
  /// `stateWords(count)` zeroed words, which like the memory must outlive the pool.
  BlockPool(std::byte* base, std::size_t block_size, std::size_t count, Word* state);

  /// Effect: takes a block. Returns: its start, or nullptr when all are held.
  /// Cost: constant. Context: any.
  MILLPOND_HOT void* allocate() {
    const std::uint32_t index = takeOpenly(*this, traits());
    return index != none ? geometry().address(index) : allocateUnlikely();
  }

  /// Effect: gives back the block that starts at `pointer`. Returns: false, with nothing changed, where
  /// that is no block of this pool or the block is free already. Cost: constant. Context: any.
  MILLPOND_HOT bool deallocate(const void* pointer) {
    const auto [index, word] = geometry().placeOf(pointer);
    const PoolTraits traits(word);
    return index < traits.count() && givePlainly(*this, traits, static_cast<std::uint32_t>(index));
  }

  /// As `allocate`, by index. Returns: the block's index, or `none`.
  MILLPOND_HOT std::uint32_t take() { return takeAny(*this, Access::ordinary); }

  /// As `deallocate`, by index. Requires: index < count.
  MILLPOND_HOT bool give(std::uint32_t index) { return givePlainly(*this, traits(), index); }

  /// 1 where block `index` is held just now, else 0. Requires: index < count. Context: any.
  MILLPOND_HOT std::uint32_t heldAt(std::uint32_t index) const { return heldAt(*this, index); }

  /// The index of the block that `pointer` lies in. Requires: `geometry().contains(pointer)`.
  std::uint32_t startAround(const void* pointer) const { return geometry().indexAround(pointer); }

  /// Of up to 32 blocks, and of more.
  static const PoolKind few;
  static const PoolKind many;

  /// What of a pool's traits keeps `givePlainly` from working on it.
  static constexpr unsigned not_given_plainly = 0;

 protected:
  friend struct TypedPool;

  // The operations, on any pool whose units are blocks.

  /// As `take`. Requires: the pool is plain.
  MILLPOND_INLINE static std::uint32_t takePlainly(Pool& pool) {
    const std::uint32_t free = pool.state_[0].update(bits::withoutLowest);
    return free == 0 ? none : bits::lowest(free);
  }
  /// As `take`, in a summarised pool where nothing is reserved and nobody waits; `none` also where a hint was
  /// wrong, so that `takeMany` must decide.
  MILLPOND_INLINE static std::uint32_t takeFromMany(Pool& pool) {
    const std::uint32_t hint = pool.summary().load();
    return hint != 0 ? takeFromWord(pool, bits::lowest(hint)) : none;
  }
  /// Bytes that a request of any size gets.
  static std::size_t grantedFor(const Pool& pool, std::size_t /*size*/) { return pool.geometry_.blockSize(); }

  /// As `take`; `none` also where only the pool's kind can decide.
  MILLPOND_INLINE static std::uint32_t takeOpenly(Pool& pool, PoolTraits traits) {
    return traits.plain() ? takePlainly(pool) : traits.open() ? takeFromMany(pool) : none;
  }
  MILLPOND_HOT static std::uint32_t heldAt(const Pool& pool, std::uint32_t index) {
    return pool.isFree(index) ? 0 : 1;
  }

  MILLPOND_INLINE static bool givePlainly(Pool& pool, PoolTraits traits, std::uint32_t index) {
    const std::uint32_t block = std::uint32_t{1} << (index % bits::per_word);
    std::uint32_t free = 0;
    if (!traits.has(PoolTraits::many)) {
      free = pool.state_[0].setBits(block);
    } else {
      free = pool.wordOf(index).update([block](std::uint32_t seen) { return seen | block; });
      if (free == 0) pool.summary().setBits(std::uint32_t{1} << (index / bits::per_word));
    }
    return (free & block) == 0;
  }

 private:
  MILLPOND_HOT static std::uint32_t takeAny(Pool& pool, Access access);
  MILLPOND_HOT void* allocateUnlikely();
  MILLPOND_HOT static std::uint32_t takeFew(Pool& pool, std::size_t length, Access access);
  MILLPOND_HOT static std::uint32_t takeMany(Pool& pool, std::size_t length, Access access);
  MILLPOND_HOT static bool giveFew(Pool& pool, std::uint32_t index);
  MILLPOND_HOT static bool giveMany(Pool& pool, std::uint32_t index);
  static void reopenMany(Pool& pool);
  MILLPOND_HOT static std::uint32_t takeFromWord(Pool& pool, std::uint32_t word) {
    const std::uint32_t free = pool.state_[word].update(bits::withoutLowest);
    if (free == 0) return none;
    if (bits::withoutLowest(free) == 0) {
      pool.summary().clearBits(std::uint32_t{1} << word);
      // A block given back before the hint was cleared would stay unseen.
      if (pool.state_[word].loadOrdered() != 0) pool.summary().setBits(std::uint32_t{1} << word);
    }
    return word * bits::per_word + bits::lowest(free);
  }
};

/// A `BlockPool` with its memory: `count` blocks of `block_size` bytes aligned to `alignment`.
///
/// What it knows of its size at compile time it does not look up: `allocate` and `deallocate` are
/// `BlockPool`'s with shifts and constants. They are inlined into who calls them, so that an interrupt's are
/// where its own code is: GCC takes no section for the member of a template.
template <std::size_t block_size, std::size_t count, std::size_t alignment = alignof(std::max_align_t)>
class StaticBlockPool : PoolStorage<block_size, count, BlockPool::stateWords(count), alignment>,
                        public BlockPool {
  static_assert(count >= 1 && count <= max_blocks, "Millpond: a pool has from 1 to 1024 blocks");
  static_assert(block_size > 1 && block_size % alignment == 0,
                "Millpond: the block size must be a multiple of the alignment, and more than 1");
  static_assert(block_size <= UINT32_MAX / count, "Millpond: the pool is larger than 4 GiB");

 public:
  StaticBlockPool() : BlockPool(this->memory.data(), block_size, count, this->state.data()) {}

  [[gnu::always_inline]] void* allocate() {
    if constexpr (count > bits::per_word) return BlockPool::allocate();
    const std::uint32_t free = this->state[0].update(bits::withoutLowest);
    return free == 0 ? nullptr : this->memory.data() + bits::lowest<count>(free) * block_size;
  }

  [[gnu::always_inline]] bool deallocate(const void* pointer) {
    if constexpr (count > bits::per_word) return BlockPool::deallocate(pointer);
    const std::uintptr_t index = BlockGeometry::indexOf<block_size>(pointer, this->memory.data());
    return index < count && this->state[0].setBits(std::uint32_t{1} << index) == 0;
  }
};

}  // namespace millpond
