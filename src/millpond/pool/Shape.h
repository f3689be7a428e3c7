// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "millpond/base/Bits.h"
#include "millpond/pool/Pool.h"

namespace millpond {

/// The shape of a pool for the operations in `block_pool` and `run_pool`: the addresses of its blocks and its
/// bitmap, the number of blocks and their size. `FixedShape` knows the sizes at compile time, so that an
/// operation on it compiles to shifts and constants; `LoadedShape` reads them from the pool.
template <std::size_t block_size, std::size_t blocks>
class FixedShape {
 public:
  MILLPOND_INLINE FixedShape(std::byte* base, Word* bitmap) : base_(base), bitmap_(bitmap) {}

  static constexpr bool oneWord() { return blocks <= bits::per_word; }
  static constexpr std::uint32_t count() { return static_cast<std::uint32_t>(blocks); }
  static constexpr std::uint32_t blockSize() { return static_cast<std::uint32_t>(block_size); }
  /// log2 of a block size that is a power of two.
  static constexpr unsigned shift() { return static_cast<unsigned>(std::countr_zero(block_size)); }
  MILLPOND_INLINE std::byte* address(std::uint32_t index) const {
    return base_ + std::size_t{index} * block_size;
  }
  MILLPOND_INLINE Word* bitmap() const { return bitmap_; }
  /// The index of the lowest set bit of a bitmap's word. Requires: a set bit.
  MILLPOND_INLINE static std::uint32_t lowest(std::uint32_t word) {
    constexpr std::size_t width = oneWord() ? blocks : bits::per_word;
    return bits::lowest<width>(word);
  }
  /// The index of the block that starts at `pointer`; `count()` or more if there is none.
  MILLPOND_INLINE std::uintptr_t indexOf(const void* pointer) const {
    if constexpr (blocks > 2 || std::has_single_bit(block_size))
      return BlockGeometry::indexOf<block_size>(pointer, base_);
    // With so few blocks comparing is cheaper than multiplying.
    const std::uintptr_t offset =
        reinterpret_cast<std::uintptr_t>(pointer) - reinterpret_cast<std::uintptr_t>(base_);
    if (offset == 0) return 0;
    return blocks == 2 && offset == block_size ? 1 : blocks;
  }

 private:
  std::byte* base_;
  Word* bitmap_;
};

/// Requires: the pool outlives the shape. Reads the pool's word of traits once.
class LoadedShape {
 public:
  MILLPOND_INLINE explicit LoadedShape(const Pool& pool) : LoadedShape(pool, pool.traits()) {}
  MILLPOND_INLINE LoadedShape(const Pool& pool, PoolTraits traits) : pool_(pool), traits_(traits) {}

  MILLPOND_INLINE PoolTraits traits() const { return traits_; }
  MILLPOND_INLINE bool oneWord() const { return !traits_.has(PoolTraits::many_words); }
  MILLPOND_INLINE std::uint32_t count() const { return traits_.count(); }
  MILLPOND_INLINE std::uint32_t blockSize() const { return pool_.geometry().blockSize(); }
  MILLPOND_INLINE unsigned shift() const { return traits_.shift(); }
  MILLPOND_INLINE std::byte* address(std::uint32_t index) const { return pool_.geometry().address(index); }
  MILLPOND_INLINE Word* bitmap() const { return pool_.bitmap(); }
  MILLPOND_INLINE static std::uint32_t lowest(std::uint32_t word) { return bits::lowest(word); }
  MILLPOND_INLINE std::uintptr_t indexOf(const void* pointer) const {
    return pool_.geometry().indexOf(pointer);
  }

 private:
  const Pool& pool_;
  PoolTraits traits_;
};

}  // namespace millpond
