// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "millpond/Access.h"
#include "millpond/Hot.h"
#include "millpond/base/Bits.h"
#include "millpond/pool/BlockGeometry.h"
#include "millpond/port/Port.h"

namespace millpond {

/// What an operation needs to know about a pool in addition to its bitmap, in one word that it reads once.
/// The word also holds the count and the shift: see `BlockGeometry::packed`.
class PoolTraits {
  // Below the count: see `BlockGeometry::packed`.
  static constexpr unsigned fence_at = 13;
  static constexpr unsigned fence_mask = 7;

 public:
  enum Trait : std::uint8_t {
    /// The bitmap has more than one word.
    many_words = 1,
    has_reserve = 2,
    /// Ordinary newcomers stand back for the waiters. Always set in a pool without units: the word after its
    /// bitmap, which has no words, belongs to the next pool.
    waited = 4,
    /// A free first takes the block from its owner, so that a double free stops there whatever the pool does.
    /// Always set in a pool without memory.
    claimed = 8,
    /// Free blocks are poisoned and quarantined.
    poisoned = 16,
    /// The slack of blocks is marked: see `Guards::light`.
    watched = 32,
    /// The units are granules, taken in runs.
    runs = 64,
    /// The memory comes from the heap and goes back there while it is unused.
    reclaimable = 128,
  };

  constexpr PoolTraits() = default;
  MILLPOND_INLINE constexpr explicit PoolTraits(std::uint32_t word) : word_(word) {}
  /// The traits that follow from the number of units and the reserve.
  static constexpr PoolTraits of(std::size_t units, std::size_t reserve) {
    return PoolTraits().with(many_words, units > bits::per_word).with(has_reserve, reserve != 0);
  }
  constexpr PoolTraits with(Trait trait, bool on = true) const {
    return PoolTraits(on ? word_ | trait : word_ & ~std::uint32_t{trait});
  }

  /// A fence of `bytes` after each unit that is taken: a power of two from `min_fence` to `max_fence`, or 0.
  constexpr PoolTraits withFence(std::size_t bytes) const {
    const auto log2 = static_cast<unsigned>(std::countr_zero(bytes));
    return PoolTraits(bytes == 0 ? word_ : word_ | ((log2 - 2) & fence_mask) << fence_at);
  }
  MILLPOND_INLINE constexpr std::size_t fence() const {
    return std::size_t{4} << (word_ >> fence_at & fence_mask) & ~std::size_t{7};
  }
  static constexpr std::size_t min_fence = 8;
  static constexpr std::size_t max_fence = 512;

  MILLPOND_INLINE constexpr bool has(unsigned trait) const { return (word_ & trait) != 0; }
  /// The traits that prevent serving a request from the bitmap's word and `Guards::light` alone.
  static constexpr unsigned not_plain = many_words | has_reserve | waited | poisoned | fence_mask << fence_at;
  /// The traits for which a free must check more than the bitmap.
  static constexpr unsigned guarded = watched | claimed;
  /// Whether there is a summary before the bitmap: a set bit for each word that may have a free block.
  MILLPOND_INLINE constexpr bool summarised() const { return (word_ & (many_words | runs)) == many_words; }
  /// Words of state before the bitmap: the reserve, and the summary's place.
  constexpr std::size_t wordsBefore() const { return has(has_reserve) ? 2 : summarised() ? 1 : 0; }
  constexpr std::uint16_t bits() const { return static_cast<std::uint16_t>(word_); }
  MILLPOND_INLINE constexpr std::uint32_t count() const { return BlockGeometry::countIn(word_); }
  MILLPOND_INLINE constexpr unsigned shift() const { return BlockGeometry::shiftIn(word_); }

 private:
  std::uint32_t word_ = 0;
};

/// What pools of blocks and of runs have in common: units (blocks, granules) of one size, a bitmap with a set
/// bit for each free unit, 32 to a word, and the traits. The operations are in Blocks.h and Runs.h.
class Pool {
 public:
  /// Means "no unit".
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  static constexpr std::size_t max_units = std::size_t{bits::per_word} * bits::per_word;

  Pool() = default;
  /// Effect: a pool without free units: see `open`. Requires: `state` of as many zeroed words as the kind
  /// needs; `shape` has the pool's traits.
  Pool(std::byte* base, const BlockGeometry::Shape& shape, Word* state)
      : geometry_(base, shape), bitmap_(state + PoolTraits(shape.word).wordsBefore()) {}
  /// Effect: as the constructor, for a pool constructed without arguments. `bitmap` follows `wordsBefore`
  /// words.
  MILLPOND_INLINE void setUp(std::byte* base, const BlockGeometry::Shape& shape, Word* bitmap) {
    geometry_.setUp(base, shape);
    bitmap_ = bitmap;
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  MILLPOND_INLINE const BlockGeometry& geometry() const { return geometry_; }
  MILLPOND_INLINE PoolTraits traits() const { return PoolTraits(geometry_.packed()); }

  /// The largest request, in bytes, that a caller with `access` could ever be served.
  MILLPOND_HOT std::size_t maxRequest(Access access = Access::reserved) const;

  /// Units held at this moment. Cost: one step for each word of 32. Context: any.
  MILLPOND_HOT std::uint32_t inUse() const;

  /// Effect: takes every unit at once if all are free. Returns: whether they were. If so, the caller may move
  /// the pool's memory by `moveTo`, and `open` it again. In a pool of more than 32 units a concurrent request
  /// that does not fit into the first 32 may find no unit although the call fails in the end. Context: task.
  bool close();
  /// Effect: takes every free unit. Context: task.
  void shut();
  void moveTo(std::byte* base) { geometry_.moveTo(base); }
  /// Effect: marks every unit free, and thus publishes what the caller wrote before. Context: task.
  void open();

  /// Effect: sets or clears a trait. Context: any.
  MILLPOND_HOT void setTrait(PoolTraits::Trait trait) { geometry_.setTraits(trait); }
  void clearTrait(PoolTraits::Trait trait) { geometry_.clearTraits(trait); }

  /// Units that must remain free after a caller with `access` has taken its own.
  MILLPOND_HOT std::uint32_t keep(Access access) const;

  MILLPOND_INLINE std::uint32_t words() const {
    return static_cast<std::uint32_t>(bits::words(traits().count()));
  }
  MILLPOND_INLINE Word* bitmap() const { return bitmap_; }
  MILLPOND_INLINE Word& wordOf(std::uint32_t index) const { return bitmap_[index / bits::per_word]; }
  MILLPOND_HOT bool isFree(std::uint32_t index) const {
    return (wordOf(index).load() >> (index % bits::per_word) & 1U) != 0;
  }
  /// The word before the bitmap, in a pool that is `summarised`.
  MILLPOND_INLINE Word& summary() const { return bitmap_[-1]; }
  /// The word before the summary's place: the units reserved for `Access::reserved`, in a pool that has a
  /// reserve.
  MILLPOND_INLINE Word& reserve() const { return bitmap_[-2]; }
  /// The words after the bitmap: the state of a pool of runs.
  MILLPOND_INLINE Word* behind() const { return bitmap_ + words(); }

 private:
  std::uint32_t fullWord(std::uint32_t word) const;

  BlockGeometry geometry_;
  Word* bitmap_ = nullptr;
};

/// What a pool of `units` units owns: its memory, and `words` words of state.
template <std::size_t unit_size, std::size_t units, std::size_t words, std::size_t alignment>
struct PoolStorage {
  Word state[words];
  alignas(alignment) std::byte memory[unit_size * units];
};

}  // namespace millpond
