// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/Hot.h"
#include "millpond/account/Ledger.h"
#include "millpond/guard/Quarantine.h"
#include "millpond/manager/ManagerSetup.h"
#include "millpond/manager/WaitQueue.h"
#include "millpond/pool/Pool.h"

namespace millpond {

struct PoolState;

/// What a manager works on: as much of each as its configuration says, zeroed, outliving it.
struct MemoryTables {
  PoolState* pools;
  std::byte* memory;
  Word* state;
  Ledger::Entry* entries;
  HeapFallback::Record* records;
  Quarantine* quarantine;
};

/// The state of one pool of a manager, whatever its kind: its units, who holds them, who waits for one, and
/// how often it could not serve. The operations here are the general ones; `ManagedPool` has the fast ones.
struct PoolState : Pool {
  /// Effect: takes what it needs off the front of `tables`. Without memory of its own by then (reclaimable,
  /// handed over, in a misaligned array) it is released.
  void setUp(const PoolSetup& setup, const ManagerSetup& manager, MemoryTables& tables);

  MILLPOND_INLINE std::byte* block(std::uint32_t index) const { return geometry().address(index); }

  /// Effect: takes units for `size` bytes, with the rights of `access`. Returns: the index of the first, or
  /// `none`, also if an ordinary caller has to stand back for the waiters. Requires: 0 < size <=
  /// maxRequest(). Context: any.
  MILLPOND_HOT std::uint32_t takeAs(std::size_t size, Access access) {
    return access == Access::ordinary && traits().has(PoolTraits::waited) ? none : take(size, access);
  }

  /// Effect: frees the block at `index`, and notifies the first waiter, if any. Returns: false if it is free.
  MILLPOND_HOT bool give(std::uint32_t index);

  /// Effect: waiters, if any, are served before ordinary newcomers, and the first is woken. To be called
  /// after units were freed, if `waiting` is not empty. Context: any.
  MILLPOND_HOT void wakeFirst();

  /// Effect: serves each waiter that can be served, in the order of the queue, down to one that insists and
  /// cannot be; a waiter that is served is removed and woken. Ordinary newcomers stand back from now on if
  /// one insists, or needs a single unit only: else what is free is of no use to the waiters. Requires: as
  /// `WaitQueue`. Context: task.
  void serveWaiting();

  /// Effect: `waiter`, which was not served, waits no more. Requires: as `WaitQueue`. Context: task.
  void giveUp(WaitQueue::Waiter& waiter);

  /// Units of the block held from `index`; 0 if none is.
  MILLPOND_HOT std::uint32_t heldAt(std::uint32_t index) const {
    return traits().has(PoolTraits::runs) ? run_pool::heldAt(*this, index) : block_pool::heldAt(*this, index);
  }
  /// Bytes that the holder of the block at `index` may use; 0 if none is held.
  MILLPOND_HOT std::size_t granted(std::uint32_t index) const {
    const std::size_t bytes = cellBytes(index);
    return bytes == 0 ? 0 : bytes - traits().fence();
  }
  /// The memory that only the holder of the block at `index` writes to, if blocks are fenced: from the word
  /// before it to the next one's.
  MILLPOND_INLINE std::byte* cell(std::uint32_t index) const { return block(index) - guard::front; }
  MILLPOND_HOT std::size_t cellBytes(std::uint32_t index) const {
    return std::size_t{heldAt(index)} * geometry().blockSize();
  }
  /// As `heldAt`, but 0 for a block that nobody holds although it is not free: it rests or is released.
  std::uint32_t liveAt(std::uint32_t index) const {
    const bool nobodys = traits().has(PoolTraits::claimed) && ledger.at(index).holding.owners() == 0;
    return nobodys ? 0 : heldAt(index);
  }
  /// The index at which the held block starts that unit `index` belongs to; `index` if none is held.
  MILLPOND_HOT std::uint32_t startAround(std::uint32_t index) const {
    return traits().has(PoolTraits::runs) ? run_pool::startAround(*this, index) : index;
  }
  /// The entry of the block that `pointer` lies in. Requires: `geometry().contains(pointer)`.
  MILLPOND_HOT const Ledger::Entry& entryAround(const void* pointer) const;
  /// The most units that were held at once, if `ever_held` lie from the first to the last that was ever held.
  /// Blocks: the lowest free one is always taken first, so taking block i means that all below it are held.
  std::uint32_t peak(std::uint32_t ever_held) const {
    return traits().has(PoolTraits::runs) ? run_pool::peakOf(*this) : ever_held;
  }

  /// Returns: the first breach of the block held from `index`, or `guard::intact`, also if none is held. If
  /// the block changes hands meanwhile, what is seen may belong to two holders: then it counts for nothing.
  /// Requires: not released, nor meanwhile.
  MILLPOND_HOT std::size_t breachAt(std::uint32_t index, const GuardSteps& guard) const;

  /// Whether the pool has no memory just now: it is with the heap, or was not handed over yet.
  MILLPOND_INLINE bool released() const { return geometry().isNowhere(); }

  /// Whether the pool's memory is a region of the heap just now.
  bool hasRegion() const { return traits().has(PoolTraits::reclaimable) && !released(); }
  /// Whether it could be, and is not.
  bool lacksRegion() const { return traits().has(PoolTraits::reclaimable) && released(); }

  /// Effect: takes the region away if nobody holds a block or waits for one. Requires: it has one; calls of
  /// this and of `start` exclude one another. Returns: where the blocks lay, now the caller's memory, or
  /// nullptr.
  std::byte* withdraw();
  /// As `withdraw`, whoever holds blocks: from now on nothing is taken, and each free refused.
  std::byte* abandon();
  /// Effect: the blocks lie from `blocks` on, behind a fence if they have one; they are poisoned if the
  /// guards say so, and can be taken. Requires: released.
  void start(std::byte* blocks, const GuardSteps* guard);

  /// Units that somebody holds: not those that rest, nor all while the pool moves. Cost: one step for each
  /// word of units; for each block if blocks can rest or move. Context: any.
  std::uint32_t live() const;

  Ledger ledger;
  WaitQueue waiting;
  Word exhausted;
  Word oversize;
  Word fallbacks;
  Word rejected;
  /// Of blocks: those up to the last that was held when the peaks started again.
  Word peak_floor;
  Word largest_served;
  Word largest_refused;

 private:
  bool serve(WaitQueue::Waiter& waiter);
  MILLPOND_HOT std::uint32_t take(std::size_t size, Access access);
};

}  // namespace millpond
