// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/Hot.h"
#include "millpond/MemoryStats.h"
#include "millpond/account/Ledger.h"
#include "millpond/base/Require.h"
#include "millpond/guard/Quarantine.h"
#include "millpond/manager/ManagerSetup.h"
#include "millpond/manager/WaitQueue.h"
#include "millpond/pool/Pool.h"

namespace millpond {

struct PoolState;

/// The tables that a manager works on, each with as many entries as its configuration needs. They are zeroed
/// and outlive the manager. `memory` begins with a fence if blocks have one.
struct MemoryTables {
  PoolState* pools;
  std::byte* memory;
  Word* state;
  Ledger::Entry* entries;
  HeapFallback::Record* records;
  Quarantine* quarantine;
};

/// The state of one pool of a manager, of either kind: its units, their holders, the waiters, and how often
/// it could not serve. The operations here are the general ones; `ManagedPool` has the fast ones.
struct PoolState : Pool {
  /// Effect: sets the pool up in its part of `tables`. A pool that is not in the manager is released.
  /// Inlined, because with a constant `setup` this is a few stores.
  MILLPOND_INLINE void setUp(const PoolSetup& setup, const GuardSteps* guard, const MemoryTables& tables) {
    const PoolTraits has(setup.shape.word);
    std::byte* const blocks = setup.placed ? tables.memory + setup.memory : BlockGeometry::nowhere();
    Pool::setUp(blocks, setup.shape, tables.state + setup.bitmap);
    ledger.setUp(tables.entries + setup.entries);
    if (setup.reserve != 0) reserve().store(setup.reserve);
    if (!setup.measured) largest_served.store(PoolStats::not_measured);
    if (has.has(PoolTraits::runs) && has.count() - 1 < bits::per_word) {
      bitmap()[1].store(bits::ones(has.count()));  // nothing was held yet
    }
    if (!setup.placed) return;
    if (has.has(PoolTraits::poisoned)) guard->poison(cell(0), geometry().bytes());
    if (has.has(PoolTraits::many_words)) return open();
    bitmap()->storeOrdered(bits::ones(has.count()));  // last: from now on an interrupt may allocate
  }

  MILLPOND_INLINE std::byte* block(std::uint32_t index) const { return geometry().address(index); }

  /// Effect: takes units for `size` bytes, with the rights of `access`. Returns: the index of the first unit,
  /// or `none`, also if an ordinary caller must stand back for the waiters. Requires: 0 < size <=
  /// maxRequest(). Context: any.
  MILLPOND_HOT std::uint32_t takeAs(std::size_t size, Access access) {
    MILLPOND_REQUIRE(size - 1 < maxRequest());
    return access == Access::ordinary && traits().has(PoolTraits::waited) ? none : take(size, access);
  }

  /// Effect: frees the block at `index`, and notifies the first waiter, if any. Returns: false if it is free.
  MILLPOND_HOT bool give(std::uint32_t index);

  /// Effect: gives waiters, if any, precedence over ordinary newcomers, and wakes the first waiter. Call it
  /// after units were freed if `waiting` is not empty. Context: any.
  MILLPOND_HOT void wakeFirst();

  /// Effect: serves the waiters that can be served, in the order of the queue, up to the first that insists
  /// and cannot be served. A waiter that is served is removed and woken. From now on ordinary newcomers stand
  /// back if such a waiter insists or needs only a single unit; otherwise the free units are of no use to the
  /// waiters. Requires: as `WaitQueue`. Context: task.
  void serveWaiting();

  /// Effect: removes `waiter`, which was not served, from the queue. Requires: as `WaitQueue`. Context: task.
  void giveUp(WaitQueue::Waiter& waiter);

  /// Units of the held block that starts at `index`; 0 if none does.
  MILLPOND_HOT std::uint32_t heldAt(std::uint32_t index) const {
    return traits().has(PoolTraits::runs) ? run_pool::heldAt(*this, index) : block_pool::heldAt(*this, index);
  }
  /// Bytes that the holder of the block at `index` may use; 0 if none is held.
  MILLPOND_HOT std::size_t granted(std::uint32_t index) const {
    const std::size_t bytes = cellBytes(index);
    return bytes == 0 ? 0 : bytes - traits().fence();
  }
  /// The memory that only the holder of the block at `index` writes, if blocks are fenced: from the word
  /// before it to the word before the next block.
  MILLPOND_INLINE std::byte* cell(std::uint32_t index) const { return block(index) - guard::front; }
  MILLPOND_HOT std::size_t cellBytes(std::uint32_t index) const {
    return std::size_t{heldAt(index)} * geometry().blockSize();
  }
  /// As `heldAt`, but 0 for a block that has no holder although it is not free: it is quarantined or
  /// released.
  MILLPOND_HOT std::uint32_t liveAt(std::uint32_t index) const {
    const bool nobodys = traits().has(PoolTraits::claimed) && ledger.at(index).holding.owners() == 0;
    return nobodys ? 0 : heldAt(index);
  }
  /// The start of the held block that contains unit `index`, as an index; `index` if none is held.
  MILLPOND_HOT std::uint32_t startAround(std::uint32_t index) const {
    return traits().has(PoolTraits::runs) ? run_pool::startAround(*this, index) : index;
  }
  /// The entry of the block that contains `pointer`. Requires: `geometry().contains(pointer)`.
  MILLPOND_HOT const Ledger::Entry& entryAround(const void* pointer) const;
  /// The most units that were held at once, if there are `ever_held` units from the first up to the last that
  /// was ever held. For blocks: the lowest free one is always taken first, so if block i is taken, all below
  /// it are held.
  MILLPOND_HOT std::uint32_t peak(std::uint32_t ever_held) const {
    return traits().has(PoolTraits::runs) ? run_pool::peakOf(*this) : ever_held;
  }

  /// Returns: the first breach of the held block that starts at `index`, or `guard::intact`, also if none is
  /// held. If the block changes hands meanwhile, the result may mix two holders, so it is discarded.
  /// Requires: the pool is not released, neither before nor during the call.
  MILLPOND_HOT std::size_t breachAt(std::uint32_t index, const GuardSteps& guard) const;

  /// Whether the pool has no memory at this moment: it is with the heap, or was not handed over yet.
  MILLPOND_INLINE bool released() const { return geometry().isNowhere(); }

  /// Whether the pool's memory is a region of the heap at this moment.
  bool hasRegion() const { return traits().has(PoolTraits::reclaimable) && !released(); }
  /// Whether the pool is reclaimable and has no region at this moment.
  bool lacksRegion() const { return traits().has(PoolTraits::reclaimable) && released(); }

  /// Effect: takes the region away if no block is held and nobody waits for one. Requires: the pool has a
  /// region; calls of this and of `start` exclude each other. Returns: the memory of the blocks, which the
  /// caller now owns, or nullptr.
  std::byte* withdraw();
  /// As `withdraw`, even if blocks are held. From now on no unit is taken, and each free is refused.
  std::byte* abandon();
  /// Effect: places the blocks in memory from `blocks` on, after a fence if they have one. They are poisoned
  /// if the guards require it, and can be taken. Requires: released.
  void start(std::byte* blocks, const GuardSteps* guard);

  /// Units that have a holder: excludes quarantined units, and those without an owner while the pool moves.
  /// Cost: one step for each word of units; for each block if blocks can be quarantined or moved. Context:
  /// any.
  std::uint32_t live() const;

  Ledger ledger;
  WaitQueue waiting;
  Word exhausted;
  Word oversize;
  Word fallbacks;
  Word rejected;
  /// For blocks: the units up to the last that was held when the peaks were reset.
  Word peak_floor;
  /// `PoolStats::not_measured`, which nothing exceeds, unless requests are measured.
  Word largest_served;
  Word largest_refused;

 private:
  bool serve(WaitQueue::Waiter& waiter);
  MILLPOND_HOT std::uint32_t take(std::size_t size, Access access);
};

}  // namespace millpond
