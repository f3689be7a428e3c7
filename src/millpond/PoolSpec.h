// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "millpond/PoolId.h"

namespace millpond {

/// A pool's name: up to 15 characters. A longer literal does not compile.
struct PoolName {
  /// The longest name has one character less.
  static constexpr std::size_t capacity = 16;

  /// The empty name, and the name that a literal gives.
  constexpr PoolName() = default;
  template <std::size_t size>
  constexpr PoolName(
      const char (&literal)[size]) {  // NOLINT(google-explicit-constructor): a name is a string
    static_assert(size <= capacity, "Millpond: a pool's name has at most 15 characters");
    for (std::size_t at = 0; at + 1 < size; ++at) text[at] = literal[at];
  }
  /// Whether there is no name.
  constexpr bool empty() const { return text[0] == '\0'; }
  /// Whether the names have the same text.
  constexpr bool operator==(const PoolName&) const = default;

  char text[capacity] = {};
};

/// What a request takes from a pool.
enum class PoolKind : std::uint8_t {
  /// One block, of any requested size.
  blocks,
  /// As many adjacent granules as the size needs, up to 32.
  runs,
};

/// Where the memory of a pool is.
struct Place {
  /// Which memory a place is.
  enum class Kind : std::uint8_t {
    /// In the manager itself.
    manager,
    /// In an array with static storage, which the build may put into any section.
    array,
    /// In memory that `MemoryManager::handOver` provides. Until then the pool serves no request.
    handed_over,
    /// In a region of the heap, which goes back to the heap in an emergency while it is unused.
    heap,
  };
  Kind kind = Kind::manager;
  /// The memory of an array.
  std::byte* memory = nullptr;
  std::size_t bytes = 0;
  /// For a region of the heap: the capability that its memory needs, as the heap numbers them; 0: any memory.
  /// See `Heap::allocateCapable`.
  std::uint32_t capability = 0;

  /// In `array`, which must be aligned to `MemoryConfig::alignment`, or the pool serves no request. It
  /// belongs to this pool of one manager: a second manager of the same configuration would hand out the same
  /// memory.
  template <std::size_t size>
  static constexpr Place in(std::byte (&array)[size]) {
    return {Kind::array, array, size, 0};
  }
  static constexpr Place handedOver() { return {Kind::handed_over, nullptr, 0, 0}; }
  static constexpr Place heap(std::uint32_t capability = 0) { return {Kind::heap, nullptr, 0, capability}; }
};

/// The result of handing memory over to a pool: see `MemoryManager::handOver`.
enum class HandOver : std::uint8_t {
  accepted,
  /// The manager has no pool with that id.
  no_such_pool,
  /// The pool is not `Place::handedOver()`, or already has its memory.
  not_expected,
  /// The memory is smaller than `MemoryConfig::regionBytes`, or nullptr.
  too_small,
  /// Its start is not a multiple of `MemoryConfig::alignment`.
  misaligned,
  /// Part of it belongs to another pool.
  overlaps,
};

/// One row of the pool table.
struct PoolSpec {
  PoolName name;
  PoolKind kind = PoolKind::blocks;
  /// Blocks, or granules of a pool of runs; 0 to 1024. A pool of 0 blocks does not exist: its requests go to
  /// the fallback.
  std::size_t blocks = 0;
  /// Bytes per block: a positive multiple of `MemoryConfig::alignment`; for runs also a power of two.
  std::size_t block_size = 0;
  /// The last blocks, reserved for interrupts and callers with `Access::reserved`. Above 32 blocks this is
  /// best effort: racing ordinary callers may dip into it.
  std::size_t reserve = 0;
  Place place{};

  /// Whether requests take granules; whether the memory comes from the heap; and the bytes of all units.
  constexpr bool isRuns() const { return kind == PoolKind::runs; }
  constexpr bool isReclaimable() const { return place.kind == Place::Kind::heap; }
  constexpr std::size_t bytes() const { return blocks * block_size; }
};

/// The pools by `PoolId`. Storage, set-up, checks and reports all use this table. After the last pool the
/// rows have neither name nor blocks.
using PoolTable = std::array<PoolSpec, max_pools>;

}  // namespace millpond
