// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "millpond/PoolId.h"

namespace millpond {

/// The figures of one pool. Its unit is the block (audio, network), the granule (general) or the byte (heap).
/// "Never falls" figures count from set-up; those marked "stays" stop at 2^32 - 1 instead of wrapping.
struct PoolStats {
  const char* name = nullptr;
  /// Bytes a unit.
  std::size_t block_size = 0;
  /// Units there are.
  std::size_t capacity = 0;
  /// Whether the pool has no memory just now, so that it serves nobody: the memory is with the heap, was not
  /// handed over yet, or is a misaligned array.
  bool released = false;
  /// Units held just now.
  std::size_t in_use = 0;
  /// The most units held at once, since set-up or `MemoryManager::resetPeaks`. Never falls but by that. Exact
  /// up to 32 units; beyond, except for what other callers take and give back in the same instant. Blocks
  /// that rest under `Guards::full` count.
  std::size_t peak = 0;
  /// Requests served by this pool itself. Never falls. Of the heap: the sum of what the pools have as
  /// `fallbacks`, which stay.
  std::uint64_t allocations = 0;
  /// Blocks given back. Never falls, but for callers that are just inside: see `MemoryStats`.
  std::uint64_t frees = 0;
  /// Requests that would fit but found no free block; of the heap: requests it refused. Never falls, stays.
  std::uint32_t exhausted = 0;
  /// Requests larger than the pool can ever serve the caller: an ordinary one never gets the reserve. Never
  /// falls, stays.
  std::uint32_t oversize = 0;
  /// Requests to this pool that the heap served; of the heap itself: 0. Never falls, stays.
  std::uint32_t fallbacks = 0;
  /// Frees refused: second, interior or misaligned; of the heap: foreign pointers too. Never falls, stays.
  std::uint32_t rejected = 0;
  /// The largest request in bytes: that the pool served itself, `not_measured` unless
  /// `MemoryConfig::measure_requests` says so; and that it could not serve. Never fall; stay.
  std::uint32_t largest_request = not_measured;
  std::uint32_t largest_refused = 0;
  static constexpr std::uint32_t not_measured = UINT32_MAX;
  /// Requests that wait for the pool just now; of the heap 0.
  std::uint32_t waiting = 0;
  /// Bytes asked for, and bytes of the units held just now; the difference is internal waste. Of the fences
  /// only those are in it that the general pool's runs give up.
  std::size_t bytes_requested = 0;
  std::size_t bytes_granted = 0;
};

/// The figures of a memory manager. Exact once no other caller is inside it.
///
/// While others are, no pool's figures contradict themselves: in_use <= capacity, in_use <= peak,
/// bytes_requested <= bytes_granted = in_use * block_size, frees <= allocations; and what never falls does
/// not fall from one call to the next. They lag behind: what is taken or given back during the call is
/// counted or not. Never does in_use count more than were held at the moment of the peak.
///
/// Some may fall: a caller that has taken a block and not yet written it down, as far as this one sees, makes
/// `frees` one less for so long, and each block of the heap that is taken during the call makes the heap's
/// one more until the next. While a block is taken for the 2^32nd time, and each 2^32 - 1 times later,
/// `allocations`, `frees` and the peak lack all its times. Once a pool's `fallbacks` stay, the heap's `frees`
/// fall with the blocks held.
struct MemoryStats {
  PoolStats audio;
  PoolStats network;
  PoolStats general;
  /// The pools of `MemoryConfig::more`, in their order.
  std::array<PoolStats, max_pools - adr_pools> more;
  PoolStats heap;
  /// Pools that the manager has, without the heap: their ids are those below.
  std::size_t pools = 0;

  /// Requires: the id of a pool of the manager, or of the heap.
  PoolStats& pool(PoolId id) {
    PoolStats* const named[] = {&audio, &network, &general};
    if (id == PoolId::heap) return heap;
    return rowOf(id) < adr_pools ? *named[rowOf(id)] : more[rowOf(id) - adr_pools];
  }
  const PoolStats& pool(PoolId id) const { return const_cast<MemoryStats*>(this)->pool(id); }
  /// Requests refused because they made no sense: size 0. Never falls, stays.
  std::uint32_t invalid_requests = 0;
  /// Blocks found overwritten behind what was asked for, beside them or while free: as far as the tier of
  /// `Guards` sees it. Never falls, stays.
  std::uint32_t guard_violations = 0;
  /// Bytes of the registered static buffers, and what the budget counts for them.
  std::size_t static_bytes = 0;
  std::size_t static_budget = 0;
};

/// Bytes of pools, fences included: those that somebody holds, and all, released pools' too.
struct Occupancy {
  std::size_t held = 0;
  std::size_t total = 0;
};

/// What one source holds just now.
struct SourceStats {
  const char* source = "?";
  std::size_t blocks = 0;
  std::size_t bytes_requested = 0;
  std::size_t bytes_granted = 0;
  /// Of the block held longest, in milliseconds.
  std::uint64_t oldest_ms = 0;
};

/// A block that somebody holds.
struct LiveBlock {
  PoolId pool = PoolId::heap;
  /// Of the block in its pool, or of the heap's record.
  std::uint32_t index = 0;
  /// Of the block among all that the manager can hold: pools first, the heap's records last.
  std::uint32_t position = 0;
  /// Lives as long as the manager, whatever becomes of the block.
  const char* source = "?";
  /// Bytes asked for, and bytes the block has.
  std::size_t size = 0;
  std::size_t granted = 0;
  /// The port's tick at which it was taken, and the time since: exact to 65.536 ms, and right for 4.4 years;
  /// 0 where the clock was set back behind it.
  std::uint32_t since = 0;
  std::uint64_t age_ms = 0;
  const void* address = nullptr;
};

}  // namespace millpond
