// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "millpond/Hot.h"
#include "millpond/PoolId.h"
#include "millpond/TaskName.h"
#include "millpond/base/Require.h"

namespace millpond {

/// The figures of one pool. The unit is the block, the granule (pools of runs) or the byte (heap).
/// Figures that never fall count from set-up. Those marked "stays" stop at 2^32 - 1 instead of wrapping.
struct PoolStats {
  /// Its text may lie in flash.
  const char* name = nullptr;
  /// Bytes per unit.
  std::size_t block_size = 0;
  /// Units in the pool.
  std::size_t capacity = 0;
  /// Whether the pool has no memory at this moment, so that it serves no request: the memory is with the
  /// heap, was not handed over yet, or is a misaligned array.
  bool released = false;
  /// Units held at this moment.
  std::size_t in_use = 0;
  /// The most units held at once since set-up or `MemoryManager::resetPeaks`. Falls only by that call. Exact
  /// up to 32 units; above, except for what other callers take and give back in the same instant. Blocks in
  /// quarantine under `Guards::full` count, and after a reset of a pool of blocks, free blocks below the
  /// highest block held then.
  std::size_t peak = 0;
  /// Requests that this pool served itself. Never falls. Of the heap: the sum of the pools' `fallbacks`,
  /// which stay at 2^32 - 1.
  std::uint64_t allocations = 0;
  /// Blocks given back. Never falls, except for concurrent callers: see `MemoryStats`.
  std::uint64_t frees = 0;
  /// Requests that would fit but found no free block; of the heap: requests it refused. Never falls, stays.
  std::uint32_t exhausted = 0;
  /// Requests larger than the pool could ever serve to their caller: an ordinary caller never gets the
  /// reserve. Never falls, stays.
  std::uint32_t oversize = 0;
  /// Requests to this pool that the heap served; of the heap itself: 0. Never falls, stays.
  std::uint32_t fallbacks = 0;
  /// Frees refused: double, interior or misaligned; of the heap: foreign pointers too. Never falls, stays.
  std::uint32_t rejected = 0;
  /// The largest request in bytes that the pool served itself (`not_measured` for the heap, and unless
  /// `MemoryConfig::measure_requests` is set), and the largest that it could not serve. Never fall, stay.
  std::uint32_t largest_request = 0;
  std::uint32_t largest_refused = 0;
  static constexpr std::uint32_t not_measured = UINT32_MAX;
  /// Requests that wait for the pool at this moment; of the heap: 0.
  std::uint32_t waiting = 0;
  /// Bytes requested, and bytes of the units held, at this moment. The difference is internal waste. It
  /// includes only those fences that take up room in the general pool's runs.
  std::size_t bytes_requested = 0;
  std::size_t bytes_granted = 0;
};

/// The figures of a memory manager. Exact if no other caller is inside it.
///
/// While others are, no pool's figures contradict each other: in_use <= capacity, in_use <= peak,
/// bytes_requested <= bytes_granted = in_use * block_size, frees <= allocations. A figure that never falls
/// does not fall from one call to the next. The figures may lag: what is taken or given back during the call
/// may or may not be counted. in_use never exceeds the units that were held at the moment of the peak.
///
/// Some figures may fall. While another caller has taken a block and its record is not yet visible to this
/// one, `frees` is one less. Each heap block taken during the call makes the heap's `frees` one more until
/// the next call. While a block is being taken for the 2^32nd time, and every 2^32 - 1 times after that,
/// `allocations`, `frees` and the peak omit all of its times. Once a pool's `fallbacks` are at 2^32 - 1, the
/// heap's `frees` fall with the blocks held.
struct MemoryStats {
  PoolStats audio;
  PoolStats network;
  PoolStats general;
  /// The pools of `MemoryConfig::more`, in their order.
  std::array<PoolStats, max_pools - adr_pools> more;
  PoolStats heap;
  /// The number of pools, without the heap: their ids are those below this number.
  std::size_t pools = 0;

  /// Requires: `id` is a pool of the manager, or the heap. Returns: its figures. Context: any.
  MILLPOND_HOT PoolStats& pool(PoolId id) {
    MILLPOND_REQUIRE(id == PoolId::heap || rowOf(id) < max_pools);
    const std::size_t row = id == PoolId::heap ? max_pools : rowOf(id);
    auto* const rows = reinterpret_cast<std::byte*>(this);
    return *__builtin_launder(reinterpret_cast<PoolStats*>(rows + row * sizeof(PoolStats)));
  }
  MILLPOND_HOT const PoolStats& pool(PoolId id) const { return const_cast<MemoryStats*>(this)->pool(id); }
  /// Invalid requests refused: of size 0, or of a pool that the manager does not have. Never falls, stays.
  std::uint32_t invalid_requests = 0;
  /// Blocks found overwritten past the requested size, next to the block or while free, as far as the tier of
  /// `Guards` detects it. Never falls, stays.
  std::uint32_t guard_violations = 0;
  /// Bytes of the registered static buffers, and the bytes that the budget counts for them.
  std::size_t static_bytes = 0;
  std::size_t static_budget = 0;
};
static_assert(offsetof(MemoryStats, heap) == max_pools * sizeof(PoolStats));  // for `pool`

/// Bytes of pools, fences included: those held, and all of them, released pools included.
struct Occupancy {
  std::size_t held = 0;
  std::size_t total = 0;
};

/// What a pool would have refused so far if it had fewer blocks: see `MemoryManager::whatIf`.
struct WhatIf {
  /// Whether `refused` holds. A pool takes its lowest free block, so the requests that block i and those
  /// above it served are the ones that i blocks would have refused. The other values are the reasons why this
  /// does not apply, so that `refused` is only an estimate.
  enum class Basis : std::uint8_t {
    exact,
    /// A run goes where it fits, not to the lowest granule.
    runs,
    /// Above 32 blocks a request takes a free block of any word.
    many_blocks,
    /// Callers with other rights would have left other blocks.
    reserve,
    /// Under `Guards::full` freed blocks rest, so a request takes a block above the lowest.
    quarantine,
    /// A block was taken more than 2^32 - 1 times. What it served before is not known for the block.
    wrapped,
    /// There is no such pool: `refused` is 0.
    no_pool,
  };
  /// Requests that would have fit but found no free block, those that the pool did refuse included.
  std::uint64_t refused = 0;
  Basis basis = Basis::exact;
};

/// What one source holds at this moment.
struct SourceStats {
  const char* source = "?";
  std::size_t blocks = 0;
  std::size_t bytes_requested = 0;
  std::size_t bytes_granted = 0;
  /// The age of the block held longest, in milliseconds.
  std::uint64_t oldest_ms = 0;
};

/// A held block.
struct LiveBlock {
  PoolId pool = PoolId::heap;
  /// The index of the block in its pool, or of the heap's record.
  std::uint32_t index = 0;
  /// The position of the block among all that the manager can hold: pools first, the heap's records last.
  std::uint32_t position = 0;
  /// Lives as long as the manager, whatever happens to the block.
  const char* source = "?";
  /// Bytes requested, and bytes the block has.
  std::size_t size = 0;
  std::size_t granted = 0;
  /// The port's tick at which the block was taken, and the time since then: exact to 65.536 ms, and valid for
  /// 4.4 years; 0 if the clock was set back to before that tick.
  std::uint32_t since = 0;
  std::uint64_t age_ms = 0;
  const void* address = nullptr;
  /// The task that took the block, if the build keeps it.
  [[no_unique_address]] TaskName task{};
};

}  // namespace millpond
