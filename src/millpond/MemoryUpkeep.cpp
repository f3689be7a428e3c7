// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What a memory manager does beside serving: telling of violations, validation, giving pools back and taking
// them again.
#include "millpond/Counter.h"
#include "millpond/MemoryManager.h"
#include "millpond/port/TaskLock.h"

namespace millpond {

void MemoryManager::violated(const TypedPool& typed, std::uint32_t index, std::size_t offset) {
  counter::increment(violations_);
  MemoryEvent event{.source = typed.ledger.at(index).source.load(),
                    .size = offset,
                    .pointer = typed.block(index),
                    .block = index,
                    .kind = MemoryEvent::Kind::guard_violation,
                    .pool = idOf(typed)};
  if (event.source != payload_source) tell(event);
}

std::uint32_t MemoryManager::validate(std::uint32_t budget) {
  const std::uint32_t all = blocks();
  std::uint32_t found = 0;
  for (budget = budget < all ? budget : all; budget != 0; --budget) {
    std::uint32_t index =
        validated_.update([all](std::uint32_t turn) { return turn + 1 < all ? turn + 1 : 0; });
    const TypedPool* typed = poolAt(index);
    const std::size_t breach = typed != nullptr ? breachOf(*typed, index) : guard::intact;
    if (breach == guard::intact) continue;
    violated(*typed, index, breach);
    ++found;
  }
  return found;
}

// Kept from the pool's memory being given back meanwhile; the observer is told outside.
std::size_t MemoryManager::breachOf(const TypedPool& typed, std::uint32_t index) {
  const port::TaskLock lock(tasks_);
  return typed.traits().has(PoolTraits::watched) && !typed.released() ? breachSeen(typed, index)
                                                                      : guard::intact;
}

// Of a block that changes hands meanwhile, what is seen may belong to two holders: then it counts for
// nothing.
std::size_t MemoryManager::breachSeen(const TypedPool& typed, std::uint32_t index) const {
  const Ledger::Entry& entry = typed.ledger.at(index);
  const std::uint32_t generation = entry.generation.loadOrdered();
  const std::uint32_t holding = entry.holding.word();
  const std::size_t granted = typed.granted(index);
  const std::size_t size = Holding::sizeIn(holding);
  if (Holding::ownersIn(holding) == 0 || size > granted) return guard::intact;
  const std::size_t breach = guard_->firstBreach(typed.block(index), size, granted);
  const bool same = entry.holding.word() == holding && entry.generation.loadOrdered() == generation;
  return same ? breach : guard::intact;
}

Occupancy MemoryManager::occupancy() const {
  Occupancy sum;
  for (const TypedPool& typed : pools_) {
    if (typed.released()) continue;
    sum.held += std::size_t{typed.inUse()} * typed.geometry().blockSize();
    sum.total += typed.geometry().bytes();
  }
  return sum;
}

std::size_t MemoryManager::releaseIdlePools() {
  const port::TaskLock lock(tasks_);
  endRest();
  std::size_t bytes = 0;
  for (TypedPool& typed : pools_) {
    const bool has_region = typed.traits().has(PoolTraits::reclaimable) && !typed.released();
    if (has_region) bytes += typed.release(heap());
  }
  if (bytes != 0) heapChanged(bytes);
  return bytes;
}

void MemoryManager::abandonPools() {
  for (const TypedPool& typed : pools_) {
    const bool has_region = typed.traits().has(PoolTraits::reclaimable) && !typed.released();
    if (has_region) heap().release(heap().context, typed.memory());
  }
}

std::size_t MemoryManager::reacquirePools(std::size_t keep_free) {
  const port::TaskLock lock(tasks_);
  std::size_t bytes = 0;
  for (TypedPool& typed : pools_) {
    if (!typed.traits().has(PoolTraits::reclaimable) || !typed.released()) continue;
    const bool spare =
        heap().freeBytes == nullptr || heap().freeBytes(heap().context) >= typed.memoryBytes() + keep_free;
    if (spare) bytes += typed.reacquire(heap(), guard_);
  }
  if (bytes != 0) heapChanged(bytes);
  return bytes;
}

}  // namespace millpond
