// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/GuardSteps.h"
#include "millpond/HeapFallback.h"
#include "millpond/Hot.h"
#include "millpond/Ledger.h"
#include "millpond/MemoryConfig.h"
#include "millpond/Quarantine.h"
#include "millpond/WaitQueue.h"

namespace millpond {

/// What a manager works on: as much of each as its configuration says, zeroed, outliving it.
struct MemoryTables {
  std::byte* memory;
  Word* state;
  Ledger::Entry* entries;
  HeapFallback::Record* records;
  Quarantine* quarantine;
};

/// A pool of blocks or of runs, who holds them, who waits for one, and how often it could not serve.
struct TypedPool : Pool {
  /// Effect: takes what it needs off the front of `tables`. A reclaimable one is released: it has no memory.
  TypedPool(const PoolSetup& setup, const GuardSteps* guard, MemoryTables& tables);

  using Pool::traits;

  [[gnu::always_inline]] std::byte* block(std::uint32_t index) const { return geometry().address(index); }

  // What the plain case of an operation is made of, for code that read the traits; `none` and false send it
  // to the general case below.

  /// Effect: takes a block.
  MILLPOND_INLINE std::uint32_t takeBlock(PoolTraits traits) { return BlockPool::takeOpenly(*this, traits); }
  /// Effect: takes `granules` adjacent ones; the caller must note what may be a new peak. Requires: plain.
  MILLPOND_INLINE RunPool::Taken takeRun(PoolTraits traits, std::size_t granules) {
    return RunPool::takePlainly(*this, traits, granules);
  }
  void notePeak(std::uint32_t left, std::uint32_t index) { RunPool::notePeak(*this, left, index); }
  static std::size_t granulesFor(std::size_t size, unsigned shift) {
    return RunPool::granulesFor(size, shift);
  }

  // `Units` is `BlockPool` or `RunPool`, whichever the pool is.

  /// Effect: ends the holding of the block from `index`, which starts at `block`, if `Guards::light` is all
  /// that watches over it and its slack is as it should be. Returns: whether that is so.
  template <class Units>
  MILLPOND_INLINE bool closeSealed(PoolTraits traits, std::uint32_t index, std::byte* block) {
    Holding& holding = ledger.at(index).holding;
    const std::uint32_t size = holding.soleSize();
    const bool sound = !traits.has(PoolTraits::claimed) && size <= Holding::max_size &&
                       guard::isSealed(block, size, Units::grantedFor(*this, size));
    if (sound) holding.close(size);
    return sound;
  }

  /// Effect: as `open` of the ledger, and marks the slack of the block, which starts at `block`, where it is
  /// watched.
  MILLPOND_INLINE bool open(PoolTraits traits, std::uint32_t index, std::byte* block, std::size_t size,
                            std::size_t granted, const char* source) {
    if (traits.has(PoolTraits::watched)) guard::seal(block, size, granted);
    return ledger.open(index, static_cast<std::uint32_t>(size), source);
  }

  /// Effect: gives the block from `index` back. Returns: false where it is free. Requires: no trait of
  /// `Units::not_given_plainly`.
  template <class Units>
  MILLPOND_INLINE bool givePlainly(PoolTraits traits, std::uint32_t index) {
    return Units::givePlainly(*this, traits, index);
  }

  /// Effect: takes units for `size` bytes, with the rights of `access`. Returns: the index of the first, or
  /// `none`, also where an ordinary caller has to stand back for those who wait. Requires: 0 < size <=
  /// maxRequest(). Context: any.
  MILLPOND_HOT std::uint32_t takeAs(std::size_t size, Access access) {
    return access == Access::ordinary && traits().has(PoolTraits::waited) ? none : take(size, access);
  }

  /// Effect: gives the block at `index` back, and wakes who waits for it. Returns: false where it is free.
  MILLPOND_HOT bool give(std::uint32_t index);

  /// Effect: who waits, if anybody, is served before ordinary newcomers, and the first is woken. To be called
  /// after units were given back, where `waiting` is not empty. Context: any.
  MILLPOND_HOT void wakeFirst();

  /// Effect: serves each waiter that can be, in the order of the queue, down to one that insists and cannot
  /// be; who is served is removed and woken. Ordinary newcomers stand back from now on where one insists, or
  /// needs a single unit only: else what is free is of no use to those who wait. Requires: as `WaitQueue`.
  /// Context: task.
  void serveWaiting();

  /// Effect: `waiter`, which was not served, waits no more. Requires: as `WaitQueue`. Context: task.
  void giveUp(WaitQueue::Waiter& waiter);

  /// Units of the block held from `index`; 0 where none is.
  MILLPOND_HOT std::uint32_t heldAt(std::uint32_t index) const {
    return traits().has(PoolTraits::runs) ? RunPool::heldAt(*this, index) : BlockPool::heldAt(*this, index);
  }
  /// Bytes that the holder of the block at `index` may use; 0 where none is held.
  MILLPOND_HOT std::size_t granted(std::uint32_t index) const {
    const std::size_t bytes = cellBytes(index);
    return bytes == 0 ? 0 : bytes - traits().fence();
  }
  /// What of the pool's memory nobody but the holder of the block at `index` writes to, where blocks are
  /// fenced: from the word before it to the next one's.
  std::byte* cell(std::uint32_t index) const { return block(index) - guard::front; }
  MILLPOND_HOT std::size_t cellBytes(std::uint32_t index) const {
    return std::size_t{heldAt(index)} * geometry().blockSize();
  }
  /// As `heldAt`, but 0 for a block that nobody holds although it is not free: it rests or is released.
  std::uint32_t liveAt(std::uint32_t index) const {
    const bool nobodys = traits().has(PoolTraits::claimed) && ledger.at(index).holding.owners() == 0;
    return nobodys ? 0 : heldAt(index);
  }
  /// The index at which the held block starts that unit `index` belongs to; `index` where none is held.
  MILLPOND_HOT std::uint32_t startAround(std::uint32_t index) const {
    return traits().has(PoolTraits::runs) ? RunPool::startAround(*this, index) : index;
  }
  /// The entry of the block that `pointer` lies in. Requires: `geometry().contains(pointer)`.
  MILLPOND_HOT const Ledger::Entry& entryAround(const void* pointer) const;
  /// The most units that were held at once, where `ever_held` lie from the first to the last that was ever
  /// held. Of blocks these: the lowest free one is always taken first, so taking block i means that all below
  /// it are held.
  std::uint32_t peak(std::uint32_t ever_held) const {
    return traits().has(PoolTraits::runs) ? RunPool::peakOf(*this) : ever_held;
  }

  /// Returns: the first breach of the block held from `index`, or `guard::intact`, also where none is held.
  /// Of a block that changes hands meanwhile, what is seen may belong to two holders: then it counts for
  /// nothing. Requires: not released, nor meanwhile.
  [[gnu::always_inline]] std::size_t breachAt(std::uint32_t index, const GuardSteps& guard) const {
    const Ledger::Entry& entry = ledger.at(index);
    const std::uint32_t generation = entry.generation.loadOrdered();
    const std::uint32_t holding = entry.holding.word();
    const std::size_t bytes = granted(index);
    const std::size_t size = Holding::sizeIn(holding);
    if (Holding::ownersIn(holding) == 0 || size > bytes) return guard::intact;
    const std::size_t breach = guard.firstBreach(block(index), size, bytes);
    const bool same = entry.holding.word() == holding && entry.generation.loadOrdered() == generation;
    return same ? breach : guard::intact;
  }

  /// Whether the pool's memory is with the heap just now.
  bool released() const { return geometry().isNowhere(); }

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
  /// Effect: the blocks lie from `blocks` on, behind a fence where they have one; poisoned where that is
  /// asked for, and can be taken. Requires: released.
  void start(std::byte* blocks, const GuardSteps* guard);

  /// Units that somebody holds: not those that rest, nor all while the pool moves. Cost: one step for each
  /// word of units; for each block where blocks can rest or move. Context: any.
  std::uint32_t live() const;

  Ledger ledger;
  WaitQueue waiting;
  Word exhausted;
  Word oversize;
  Word fallbacks;
  Word rejected;

 private:
  bool serve(WaitQueue::Waiter& waiter);
  MILLPOND_HOT std::uint32_t take(std::size_t size, Access access) {
    return kind_.take(*this, lengthFor(size), access);
  }
  // Of runs; of blocks it says nothing.
  MILLPOND_HOT std::size_t lengthFor(std::size_t size) const {
    const PoolTraits seen = traits();
    return granulesFor(size + seen.fence(), seen.shift());
  }

  const PoolKind& kind_;
};

}  // namespace millpond
