// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "millpond/Bits.h"
#include "millpond/BlockGeometry.h"
#include "millpond/Hot.h"
#include "millpond/port/Port.h"

namespace millpond {

/// What a caller may take of a pool.
enum class Access : std::uint8_t {
  /// Units beyond the reserve, while nobody waits.
  ordinary,
  /// Units beyond the reserve: the first of those who wait.
  waiter,
  /// Every unit: interrupts, and callers that the reserve was made for.
  reserved,
};

/// What a pool has to look at beside one word of bits, in one byte that an operation reads once.
class PoolTraits {
 public:
  enum Trait : std::uint8_t {
    /// More than one word of units.
    many = 1,
    has_reserve = 2,
    waited = 4,
    /// A free first takes the block from its owner, so that a second one stops there whatever the pool does.
    claimed = 8,
    /// A free block is poisoned and rests.
    poisoned = 16,
    /// The owner marks the slack of blocks: see `Guards::light`.
    watched = 32,
    /// The units are granules, taken in runs.
    runs = 64,
  };

  constexpr PoolTraits() = default;
  constexpr explicit PoolTraits(unsigned bits) : bits_(static_cast<std::uint8_t>(bits)) {}
  /// Those that follow from the number of units and the reserve.
  static constexpr PoolTraits of(std::size_t units, std::size_t reserve) {
    return PoolTraits().with(many, units > bits::per_word).with(has_reserve, reserve != 0);
  }
  constexpr PoolTraits with(Trait trait, bool on = true) const {
    return PoolTraits(on ? bits_ | trait : bits_ & ~unsigned{trait});
  }

  constexpr bool has(unsigned trait) const { return (bits_ & trait) != 0; }
  /// Whether nothing is reserved, nobody waits and no block rests: who finds free units gets them.
  constexpr bool open() const { return (bits_ & (has_reserve | waited | claimed | poisoned)) == 0; }
  /// Whether it is open and one word holds the whole bitmap.
  constexpr bool plain() const { return open() && !has(many); }
  /// What a free has to look at beside the bitmap.
  static constexpr unsigned guarded = watched | claimed;
  /// Whether there is a summary before the bitmap: a set bit for each word that may have a free block.
  constexpr bool summarised() const { return (bits_ & (many | runs)) == many; }
  constexpr std::uint8_t bits() const { return bits_; }

 private:
  std::uint8_t bits_ = 0;
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

  /// The largest request that the pool can serve while it is empty, in bytes.
  MILLPOND_HOT std::size_t maxRequest() const;

  /// Units held just now. Cost: one step for each word of 32. Context: any.
  MILLPOND_HOT std::uint32_t inUse() const;

  /// Effect: takes every unit at once, so that the pool has none, if all are free. Returns: whether they
  /// were. Then the caller may move the pool's memory by `moveTo`, and `reopen` the pool. Context: task.
  bool close();
  void moveTo(std::byte* base) { geometry_.moveTo(base); }
  /// Effect: marks every unit free, and with them publishes what the caller wrote before.
  void reopen();

  /// The units kept for `Access::reserved`.
  std::uint32_t reserve() const { return reserve_; }

 protected:
  /// What a pool has to look at beside one word of bits; and two traits that its owner adds to it, so that
  /// the hot path asks one question.
  /// Effect: a pool without free units: see `reopen`. Requires: `state` of as many zeroed words as the kind
  /// needs; reserve < count; `traits` of that count and reserve.
  Pool(std::byte* base, const BlockGeometry::Shape& shape, Word* state, std::size_t reserve,
       PoolTraits traits);

  PoolTraits traits() const { return PoolTraits(traits_.load()); }

  /// Effect: while `waited` only the first that waits, and callers with `Access::reserved`, are served.
  /// Requires: calls exclude one another.
  void setWaited(bool waited);

  /// Whether `access` has to stand back for those who wait.
  bool standsBack(Access access) const {
    return access == Access::ordinary && traits().has(PoolTraits::waited);
  }
  /// Units that must remain free after `access` took its own.
  std::uint32_t keep(Access access) const { return access == Access::reserved ? 0 : reserve_; }

  std::size_t words() const { return bits::words(geometry_.count()); }
  MILLPOND_HOT std::uint32_t fullWord(std::size_t word) const;
  Word& wordOf(std::uint32_t index) const { return state_[index / bits::per_word]; }
  bool isFree(std::uint32_t index) const {
    return (wordOf(index).load() >> (index % bits::per_word) & 1U) != 0;
  }
  /// Before the bitmap of a pool that is `summarised`.
  Word& summary() const { return state_[-1]; }
  /// Behind the bitmap: what a pool of runs keeps.
  Word* behind() const { return state_ + words(); }

 private:
  friend class BlockPool;  // whose operations, and those of `RunPool`, work on the pool that they are given
  friend class RunPool;

  [[no_unique_address]] BlockGeometry geometry_;
  Port::Atomic<std::uint8_t> traits_;
  Word* state_;
  std::uint16_t reserve_;
};

/// What a pool of `units` units owns: its memory, and `words` words of state.
template <std::size_t unit_size, std::size_t units, std::size_t words, std::size_t alignment>
struct PoolStorage {
  std::array<Word, words> state;
  alignas(alignment) std::array<std::byte, unit_size * units> memory;
};

}  // namespace millpond
