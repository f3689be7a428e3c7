// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/MemoryConfig.h"
#include "millpond/account/HeapFallback.h"
#include "millpond/manager/GuardSteps.h"
#include "millpond/pool/Blocks.h"
#include "millpond/pool/Runs.h"

namespace millpond {

/// How a pool is set up, computed at compile time.
struct PoolSetup {
  BlockGeometry::Shape shape{0, 0};
  /// Bytes of the manager's memory before the pool's first block.
  std::size_t memory = 0;
  /// Words of state before the pool's bitmap, and entries of the ledger before the pool's first.
  std::size_t bitmap = 0;
  std::size_t entries = 0;
  std::uint32_t reserve = 0;
  /// Whether the manager contains its blocks, and it has any.
  bool placed = false;
  /// Whether the largest request is known.
  bool measured = false;

  static constexpr bool isPlaced(const PoolSpec& pool) {
    return pool.place.kind == Place::Kind::manager && pool.blocks != 0;
  }
  static constexpr PoolTraits traits(const MemoryConfig& sizes, const PoolSpec& pool) {
    return PoolTraits::of(pool.blocks, pool.reserve)
        .with(PoolTraits::runs, pool.isRuns())
        .with(PoolTraits::watched, sizes.guards != Guards::none)
        .with(PoolTraits::claimed, !isPlaced(pool) || sizes.guards >= Guards::fenced)
        .with(PoolTraits::poisoned, sizes.guards == Guards::full)
        .with(PoolTraits::reclaimable, pool.isReclaimable() && pool.blocks != 0)
        .with(PoolTraits::waited, pool.blocks == 0)
        .withFence(sizes.fence());
  }
  static constexpr std::size_t stateWords(const PoolSpec& pool) {
    return pool.isRuns() ? run_pool::stateWords(pool.blocks, pool.reserve)
                         : block_pool::stateWords(pool.blocks, pool.reserve);
  }
  constexpr PoolSetup() = default;
  constexpr PoolSetup(const MemoryConfig& sizes, std::size_t row) : memory(sizes.fence()) {
    const PoolTable table = sizes.pools();
    for (std::size_t before = 0; before < row; ++before) {
      bitmap += stateWords(table[before]);
      entries += table[before].blocks;
      if (table[before].place.kind == Place::Kind::manager) memory += sizes.span(table[before]);
    }
    const PoolSpec& pool = table[row];
    const PoolTraits own = traits(sizes, pool);
    shape = {sizes.stride(pool), pool.blocks, own.bits()};
    bitmap += own.wordsBefore();
    reserve = static_cast<std::uint32_t>(pool.reserve);
    placed = isPlaced(pool);
    measured = sizes.measure_requests;
  }
};

/// What a manager looks up about a pool later. In flash: only tasks read it. An interrupt may know where the
/// name is.
struct PoolRow {
  PoolName name;
  /// The capability that its memory needs.
  std::uint32_t capability = 0;
  Place::Kind place = Place::Kind::manager;
};

/// The parameters of a manager.
struct ManagerSetup {
  std::uint32_t pool_count;
  /// The guards' functions; nullptr if every free is a plain one.
  const GuardSteps* guard;
  /// Bytes: see `MemoryConfig::fence`.
  std::size_t fence;
  HeapFallback::Setup heap;
  std::size_t static_buffer_bytes;

  /// The pools' rows, which lie behind it: no pointer to them has to be read.
  MILLPOND_INLINE const PoolRow* rows() const {
    return __builtin_launder(reinterpret_cast<const PoolRow*>(this + 1));
  }
};

/// A `ManagerSetup` with its `count` rows. Requires: it outlives the manager.
template <std::size_t count>
struct ManagerSetupOf {
  constexpr explicit ManagerSetupOf(const MemoryConfig& sizes)
      : manager{static_cast<std::uint32_t>(sizes.poolCount()),
                guardSteps(sizes),
                sizes.fence(),
                {static_cast<std::uint32_t>(sizes.max_heap_blocks),
                 static_cast<std::uint32_t>(sizes.max_heap_allocation),
                 static_cast<std::uint32_t>(sizes.alignment)},
                sizes.static_buffer_bytes} {
    const PoolTable table = sizes.pools();
    for (std::size_t row = 0; row < count; ++row)
      pools[row] = {table[row].name, table[row].place.capability, table[row].place.kind};
  }

  ManagerSetup manager;
  PoolRow pools[count];  // see `ManagerSetup::rows`

 private:
  static constexpr const GuardSteps* guardSteps(const MemoryConfig& sizes) {
    if (sizes.guards == Guards::full) return &GuardSteps::full;
    if (sizes.guards == Guards::fenced) return &GuardSteps::fenced;
    if (sizes.guards == Guards::light) return &GuardSteps::light;
    for (const PoolSpec& pool : sizes.pools()) {
      if (pool.place.kind != Place::Kind::manager) return &GuardSteps::claims;
    }
    return nullptr;
  }
};
static_assert(offsetof(ManagerSetupOf<1>, pools) == sizeof(ManagerSetup));

/// Words of state of all pools.
constexpr std::size_t stateWords(const MemoryConfig& sizes) {
  std::size_t words = 0;
  for (const PoolSpec& pool : sizes.pools()) words += PoolSetup::stateWords(pool);
  return words;
}

static_assert(MemoryConfig::max_blocks == Pool::max_units);
static_assert(MemoryConfig::max_run == bits::per_word);
static_assert(MemoryConfig::max_block_bytes == Holding::max_size);
static_assert(MemoryConfig::max_fallback_records == HeapFallback::max_records);
static_assert(MemoryConfig::max_fence == PoolTraits::max_fence);
static_assert(MemoryConfig::least_alignment >= PoolTraits::min_fence);

}  // namespace millpond
