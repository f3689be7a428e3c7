// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "millpond/Hot.h"
#include "millpond/base/Bits.h"
#include "millpond/port/Port.h"

namespace millpond {

/// The layout of a pool's blocks: `count` blocks of `block_size` bytes, one after another from `base`.
///
/// A pointer's index is found without a division (Granlund and Montgomery 1994, section 9). Let block_size =
/// odd * 2^shift, and let `factor` be the inverse of odd modulo 2^w (w: the bits of a pointer). Then offset *
/// factor rotated right by shift is the exact quotient if block_size divides the offset, and at least 2^w /
/// block_size if it does not. One comparison with `count` therefore refuses interior, foreign and
/// past-the-end pointers alike. A 32-bit processor without a rotate instruction multiplies instead: with
/// `factor` = 2^32 / block_size, rounded up, the upper half of offset * factor is the quotient for every
/// block's offset. Multiplying it back shows whether the offset is a block's.
class BlockGeometry {
 public:
  /// Constants derived from block size and count, best computed at compile time, and the pool's traits. Size
  /// 0 is tolerated only so that `MemoryConfig::check` can report it.
  struct Shape {
    constexpr Shape(std::size_t size, std::size_t blocks, std::uint16_t traits = 0)
        : factor(size != 0 ? factorOf(size) : 0),
          block_size(static_cast<std::uint32_t>(size)),
          word{static_cast<std::uint32_t>(blocks << 16U) | (size != 0 ? shiftOf(size) : 0) << 8U | traits} {}

    std::uintptr_t factor;
    std::uint32_t block_size;
    std::uint32_t word;
  };

  /// A geometry without blocks.
  constexpr BlockGeometry() = default;
  constexpr BlockGeometry(std::byte* base, const Shape& shape)
      : base_(base), factor_(shape.factor), block_size_(shape.block_size), word_(shape.word) {}
  constexpr BlockGeometry(std::byte* base, std::size_t block_size, std::size_t count)
      : BlockGeometry(base, Shape(block_size, count)) {}

  BlockGeometry(const BlockGeometry& other)
      : base_(other.base_.load()),
        factor_(other.factor_),
        block_size_(other.block_size_),
        word_(other.packed()) {}
  BlockGeometry& operator=(const BlockGeometry&) = delete;

  /// Effect: as the constructor with these arguments. Requires: no caller uses it yet.
  MILLPOND_INLINE void setUp(std::byte* base, const Shape& shape) {
    base_.store(base);
    factor_ = shape.factor;
    block_size_ = shape.block_size;
    word_.store(shape.word);
  }

  /// The count, the shift and the pool's traits, by one load. The traits are the low byte and the three bits
  /// below the count: see `PoolTraits`.
  MILLPOND_INLINE std::uint32_t packed() const { return word_.load(); }
  MILLPOND_INLINE static constexpr std::uint32_t countIn(std::uint32_t word) { return word >> 16U; }
  MILLPOND_INLINE static constexpr unsigned shiftIn(std::uint32_t word) { return word >> 8U & 31U; }
  /// Effect: sets or clears traits of the low byte. Context: any.
  MILLPOND_HOT void setTraits(std::uint8_t traits) { word_.setBits(traits); }
  MILLPOND_HOT void clearTraits(std::uint8_t traits) { word_.clearBits(traits); }

  MILLPOND_INLINE std::uint32_t count() const { return countIn(packed()); }
  MILLPOND_INLINE std::uint32_t blockSize() const { return block_size_; }
  /// The block size's power of two: log2(blockSize()) if that is a whole number.
  MILLPOND_INLINE unsigned shift() const { return shiftIn(packed()); }
  MILLPOND_INLINE std::size_t bytes() const { return std::size_t{block_size_} * count(); }

  MILLPOND_INLINE std::byte* address(std::size_t index) const { return base_.load() + index * block_size_; }

  /// Effect: places the blocks in memory from `base` on. Requires: no block is held, and none can be taken.
  void moveTo(std::byte* base) { base_.store(base); }
  /// The base of blocks without memory: an odd address, so that no aligned pointer equals it, and neither
  /// does nullptr.
  MILLPOND_INLINE static std::byte* nowhere() {
    return reinterpret_cast<std::byte*>(std::uintptr_t{1});  // NOLINT(performance-no-int-to-ptr)
  }
  MILLPOND_INLINE bool isNowhere() const { return base_.load() == nowhere(); }

  /// The index of the block that starts at `pointer`, or `count()` or more if none does; and the word.
  struct Found {
    std::uintptr_t index;
    std::uint32_t word;
  };
  MILLPOND_INLINE Found find(const void* pointer) const {
    const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(pointer) - origin();
    const std::uint32_t all = packed();
    if constexpr (by_rotation) return {rotateRight(offset * factor_, shiftIn(all)), all};
    const auto index = static_cast<std::uintptr_t>(std::uint64_t{offset} * factor_ >> 32U);
    const bool starts = index < countIn(all) && index * block_size_ == offset;
    return {starts ? index : UINTPTR_MAX, all};
  }
  MILLPOND_INLINE std::uintptr_t indexOf(const void* pointer) const { return find(pointer).index; }

  /// As above, for a block size that is known at compile time.
  template <std::size_t block_size>
  MILLPOND_INLINE static std::uintptr_t indexOf(const void* pointer, const std::byte* base) {
    constexpr unsigned shift = shiftOf(block_size);
    const std::uintptr_t offset =
        reinterpret_cast<std::uintptr_t>(pointer) - reinterpret_cast<std::uintptr_t>(base);
    constexpr std::uintptr_t inverse = inverseOf(block_size >> shift);
    return rotateRight(offset * inverse, shift);
  }

  /// The index of the block that contains `pointer`, found by bisection; that of the first or the last block
  /// if none does.
  MILLPOND_HOT std::uint32_t indexAround(const void* pointer) const {
    const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(pointer) - origin();
    const std::uint32_t blocks = count();
    std::uint32_t index = 0;
    for (std::uint32_t step = 1024; step != 0; step /= 2) {
      const bool below = index + step < blocks && std::uintptr_t{index + step} * block_size_ <= offset;
      if (below) index += step;
    }
    return index;
  }

  /// Whether any of the `size` bytes from `memory` is in the pool's memory.
  bool overlaps(const std::byte* memory, std::size_t size) const {
    const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(memory) - origin();
    return offset < bytes() || 0 - offset < size;
  }

  /// Whether `pointer` is anywhere in the pool's memory.
  MILLPOND_HOT bool contains(const void* pointer) const {
    return !isNowhere() && reinterpret_cast<std::uintptr_t>(pointer) - origin() < bytes();
  }

 private:
  static constexpr unsigned width = std::numeric_limits<std::uintptr_t>::digits;
  // Only on a 32-bit processor does the product of two words of pointer size fit two registers. A wider
  // processor without a rotate instruction composes the rotation from shifts.
  static constexpr bool by_rotation = bits::rotates || width > 32;
  static_assert(width >= 32, "Millpond: a pointer has at least 32 bits");

  static constexpr unsigned shiftOf(std::size_t size) {
    return static_cast<unsigned>(std::countr_zero(size));
  }

  static constexpr std::uintptr_t factorOf(std::size_t size) {
    if constexpr (by_rotation) return inverseOf(size >> shiftOf(size));
    return UINTPTR_MAX / size + 1;
  }

  // Newton's iteration: each step doubles the number of correct low bits; the start value has three.
  static constexpr std::uintptr_t inverseOf(std::uintptr_t odd) {
    std::uintptr_t inverse = odd;
    for (int correct = 3; correct < 64; correct *= 2) inverse *= 2 - odd * inverse;
    return inverse;
  }

  // Not std::rotr, which masks a value that is known to be less than the width.
  MILLPOND_INLINE static constexpr std::uintptr_t rotateRight(std::uintptr_t value, unsigned by) {
    return value >> by | value << ((width - by) % width);
  }

  MILLPOND_INLINE std::uintptr_t origin() const { return reinterpret_cast<std::uintptr_t>(base_.load()); }

  Port::Atomic<std::byte*> base_;
  std::uintptr_t factor_ = 0;
  std::uint32_t block_size_ = 0;
  Word word_;
};

}  // namespace millpond
