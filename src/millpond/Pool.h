// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "millpond/Bits.h"
#include "millpond/BlockGeometry.h"
#include "millpond/Hot.h"
#include "millpond/port/Port.h"

namespace millpond {

/// What a caller may take of a pool.
enum class Access : std::uint8_t {
  /// Units beyond the reserve.
  ordinary,
  /// Every unit: interrupts, and callers that the reserve was made for.
  reserved,
};

/// What a pool has to look at beside its bits, in one word that an operation reads once: what it is like, and
/// behind that what its blocks are like (see `BlockGeometry::word`).
class PoolTraits {
 public:
  enum Trait : std::uint8_t {
    /// More than one word of units.
    many = 1,
    has_reserve = 2,
    /// Ordinary newcomers stand back for those who wait.
    waited = 4,
    /// A free first takes the block from its owner, so that a second one stops there whatever the pool does.
    claimed = 8,
    /// A free block is poisoned and rests.
    poisoned = 16,
    /// The owner marks the slack of blocks: see `Guards::light`.
    watched = 32,
    /// The units are granules, taken in runs.
    runs = 64,
    /// The owner takes the memory from the heap, and gives it back while nobody uses it.
    reclaimable = 128,
  };

  constexpr PoolTraits() = default;
  constexpr explicit PoolTraits(std::uint32_t word) : word_(word) {}
  /// Those that follow from the number of units and the reserve.
  static constexpr PoolTraits of(std::size_t units, std::size_t reserve) {
    return PoolTraits().with(many, units > bits::per_word).with(has_reserve, reserve != 0);
  }
  constexpr PoolTraits with(Trait trait, bool on = true) const {
    return PoolTraits(on ? word_ | trait : word_ & ~std::uint32_t{trait});
  }

  /// A fence of `bytes` behind each unit that is taken: a power of two from `min_fence` to `max_fence`, or 0.
  constexpr PoolTraits withFence(std::size_t bytes) const {
    const auto log2 = static_cast<unsigned>(std::countr_zero(bytes));
    return PoolTraits(bytes == 0 ? word_ : word_ | ((log2 - 2) & 7U) << fence_at);
  }
  constexpr std::size_t fence() const { return std::size_t{4} << (word_ >> fence_at & 7U) & ~std::size_t{7}; }
  static constexpr std::size_t min_fence = 8;
  static constexpr std::size_t max_fence = 512;

  constexpr bool has(unsigned trait) const { return (word_ & trait) != 0; }
  /// Whether nothing is reserved, nobody waits and no block rests: who finds free units gets them.
  constexpr bool open() const { return (word_ & (has_reserve | waited | claimed | poisoned)) == 0; }
  /// Whether it is open and one word holds the whole bitmap.
  constexpr bool plain() const { return open() && !has(many); }
  /// What a free has to look at beside the bitmap.
  static constexpr unsigned guarded = watched | claimed;
  /// Whether there is a summary before the bitmap: a set bit for each word that may have a free block.
  constexpr bool summarised() const { return (word_ & (many | runs)) == many; }
  /// Words of state before the bitmap: the reserve, and a place for the summary.
  constexpr std::size_t wordsBefore() const { return has(has_reserve) ? 2 : summarised() ? 1 : 0; }
  constexpr std::uint16_t bits() const { return static_cast<std::uint16_t>(word_); }
  constexpr std::uint32_t count() const { return BlockGeometry::countIn(word_); }
  constexpr unsigned shift() const { return BlockGeometry::shiftIn(word_); }

 private:
  static constexpr unsigned fence_at = 13;

  std::uint32_t word_ = 0;
};

class Pool;

/// How pools of one kind serve, called through pointers, so that a firmware has only the kinds that its
/// configuration comes to. Each is static in `BlockPool` or `RunPool`.
struct PoolKind {
  /// Effect: takes `length` adjacent units, of blocks always one, with the rights of `access`. Returns: the
  /// index of the first, or `Pool::none`. Requires: length >= 1. Context: any.
  std::uint32_t (*take)(Pool& pool, std::size_t length, Access access);
  /// Effect: gives back what was taken from `index`. Returns: false, with nothing changed, where nothing
  /// held starts there. Requires: index < count. Context: any.
  bool (*give)(Pool& pool, std::uint32_t index);
  /// Effect: marks every unit free, and with them publishes what the caller wrote before. Context: task.
  void (*reopen)(Pool& pool);
};

/// What `BlockPool` and `RunPool` have in common: units (blocks, granules) of one size, a bitmap with a set
/// bit for each free one, 32 to a word, and what keeps the pool from serving everybody in the plainest way.
class Pool {
 public:
  /// Stands for "no unit".
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  static constexpr std::size_t max_units = std::size_t{bits::per_word} * bits::per_word;

  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  const BlockGeometry& geometry() const { return geometry_; }

  /// The largest request that a caller with `access` can ever be served, in bytes.
  MILLPOND_HOT std::size_t maxRequest(Access access = Access::reserved) const;

  /// Units held just now. Cost: one step for each word of 32. Context: any.
  MILLPOND_HOT std::uint32_t inUse() const;

  /// Effect: takes every unit at once, so that the pool has none, if all are free. Returns: whether they
  /// were. Then the caller may move the pool's memory by `moveTo`, and reopen it by its `PoolKind`. In a pool
  /// of more than 32 units a request that comes meanwhile may find none although that fails in the end: one
  /// that does not fit into the first 32. Context: task.
  bool close();
  /// Effect: takes every unit that is free. Context: task.
  void shut();
  void moveTo(std::byte* base) { geometry_.moveTo(base); }

 protected:
  /// Effect: a pool without free units: see `PoolKind::reopen`. Requires: `state` of as many zeroed words as
  /// the kind needs; the marks of `shape` are the pool's traits.
  Pool(std::byte* base, const BlockGeometry::Shape& shape, Word* state)
      : geometry_(base, shape), state_(state + PoolTraits(shape.word).wordsBefore()) {}

  [[gnu::always_inline]] PoolTraits traits() const { return PoolTraits(geometry_.word()); }

  /// Effect: sets or clears `PoolTraits::waited`. Context: any.
  MILLPOND_HOT void standBack() { geometry_.setMarks(PoolTraits::waited); }
  void standBackNoMore() { geometry_.clearMarks(PoolTraits::waited); }

  /// Units that must remain free after `access` took its own.
  MILLPOND_HOT std::uint32_t keep(Access access) const;

  [[gnu::always_inline]] std::size_t words() const { return bits::words(geometry_.count()); }
  MILLPOND_HOT std::uint32_t fullWord(std::size_t word) const;
  static void reopenOneWord(Pool& pool) { pool.state_[0].setBits(bits::ones(pool.geometry_.count())); }
  static void reopenWords(Pool& pool);
  Word& wordOf(std::uint32_t index) const { return state_[index / bits::per_word]; }
  bool isFree(std::uint32_t index) const {
    return (wordOf(index).load() >> (index % bits::per_word) & 1U) != 0;
  }
  /// Before the bitmap of a pool that is `summarised`.
  Word& summary() const { return state_[-1]; }
  /// Before that: the units kept for `Access::reserved`, in a pool that has them.
  Word& reserve() const { return state_[-2]; }
  /// Behind the bitmap: what a pool of runs keeps.
  [[gnu::always_inline]] Word* behind() const { return state_ + words(); }

 private:
  friend class BlockPool;  // whose operations, and those of `RunPool`, work on the pool that they are given
  friend class RunPool;

  BlockGeometry geometry_;
  Word* state_;
};

/// What a pool of `units` units owns: its memory, and `words` words of state.
template <std::size_t unit_size, std::size_t units, std::size_t words, std::size_t alignment>
struct PoolStorage {
  std::array<Word, words> state;
  alignas(alignment) std::array<std::byte, unit_size * units> memory;
};

}  // namespace millpond
