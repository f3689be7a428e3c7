// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What a memory manager does beside serving: guards, validation, giving pools back and taking them again.
#include "millpond/Counter.h"
#include "millpond/MemoryManager.h"
#include "millpond/port/TaskLock.h"

namespace millpond {

void MemoryManager::checkSeal(const TypedPool& typed, std::uint32_t index) {
  if (!typed.traits().has(PoolTraits::watched)) return;
  const std::size_t size = typed.ledger.at(index).holding.size();
  const std::size_t breach = guard::firstBreach(typed.block(index), size, typed.granted(index));
  if (breach != guard::intact) violated(typed, index, breach);
}

void MemoryManager::checkPoison(const TypedPool& typed, std::uint32_t index) {
  const std::size_t stain = guard::firstStain(typed.block(index), typed.granted(index));
  if (stain != guard::intact) violated(typed, index, stain);
}

void MemoryManager::violated(const TypedPool& typed, std::uint32_t index, std::size_t offset) {
  counter::increment(violations_);
  const char* source = typed.ledger.at(index).source.load();
  tell({MemoryEvent::Kind::guard_violation, typed.id, source, offset, typed.block(index), index});
}

// The block is nobody's by now, yet the pool does not have it: a second free stops at the owner.
void MemoryManager::rest(TypedPool& typed, std::uint32_t index) {
  guard::poison(typed.block(index), typed.granted(index));
  endRest(quarantine_->put(typed.block(index)));
}

void MemoryManager::endRest(void* block) {
  std::uint32_t index = 0;
  TypedPool* typed = block != nullptr ? poolOf(block, index) : nullptr;
  if (typed != nullptr) typed->give(index);
}

void MemoryManager::endAllRest() {
  if (quarantine_ == nullptr) return;
  for (std::uint32_t place = 0; place < Quarantine::places; ++place) endRest(quarantine_->take(place));
}

std::uint32_t MemoryManager::validate(std::uint32_t budget) {
  const std::uint32_t all = blocks();
  std::uint32_t found = 0;
  for (budget = budget < all ? budget : all; budget != 0; --budget) {
    std::uint32_t index =
        validated_.update([all](std::uint32_t turn) { return turn + 1 < all ? turn + 1 : 0; });
    const TypedPool* typed = poolAt(index);
    if (typed != nullptr && !isSound(*typed, index)) ++found;
  }
  return found;
}

bool MemoryManager::isSound(const TypedPool& typed, std::uint32_t index) {
  if (!typed.traits().has(PoolTraits::watched) || !typed.live(index)) return true;
  const Ledger::Entry& entry = typed.ledger.at(index);
  const std::uint32_t generation = entry.generation.load();
  const std::size_t breach =
      guard::firstBreach(typed.block(index), entry.holding.size(), typed.granted(index));
  // A block that changed hands meanwhile may have shown half of the old holder's figures.
  const bool same = typed.live(index) && entry.generation.load() == generation;
  if (breach == guard::intact || !same) return true;
  violated(typed, index, breach);
  return false;
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
  endAllRest();
  std::size_t bytes = 0;
  for (TypedPool& typed : pools_) {
    if (typed.reclaimable && !typed.released()) bytes += typed.release(heap());
  }
  if (bytes != 0) tell({MemoryEvent::Kind::heap_changed, PoolId::heap, nullptr, bytes});
  return bytes;
}

std::size_t MemoryManager::reacquirePools(std::size_t keep_free) {
  const port::TaskLock lock(tasks_);
  std::size_t bytes = 0;
  for (TypedPool& typed : pools_) {
    if (!typed.reclaimable || !typed.released()) continue;
    const bool spare = heap().freeBytes == nullptr ||
                       heap().freeBytes(heap().context) >= typed.geometry().bytes() + keep_free;
    if (spare) bytes += typed.reacquire(heap());
  }
  if (bytes != 0) tell({MemoryEvent::Kind::heap_changed, PoolId::heap, nullptr, bytes});
  return bytes;
}

}  // namespace millpond
