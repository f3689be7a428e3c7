// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What a memory manager does beside serving: guards, validation, giving pools back and taking them again.
#include "millpond/Counter.h"
#include "millpond/MemoryManager.h"
#include "millpond/port/TaskLock.h"

namespace millpond {

// Whoever takes the block from its owner is the one that frees it, whatever becomes of the pool's memory.
template <class Pool>
void MemoryManager::freeClaimed(PoolId id, TypedPool<Pool>& typed, std::uint32_t index, void* pointer) {
  if (typed.pool.heldAt(index) == 0 || !typed.ledger.at(index).holding.claim()) return freeElsewhere(pointer);
  if (typed.care.watches()) checkSeal(id, typed, index);
  if (typed.care.poisons()) return rest(typed, index);
  typed.give(index);
}

template <class Pool>
void MemoryManager::checkSeal(PoolId id, TypedPool<Pool>& typed, std::uint32_t index) {
  const Ledger::Entry& entry = typed.ledger.at(index);
  const std::size_t breach =
      guard::firstBreach(typed.block(index), entry.holding.size(), typed.granted(index));
  if (breach != guard::intact) violated(id, entry, typed.block(index), index, breach);
}

template <class Pool>
void MemoryManager::checkPoison(PoolId id, TypedPool<Pool>& typed, std::uint32_t index) {
  const std::size_t stain = guard::firstStain(typed.block(index), typed.granted(index));
  if (stain != guard::intact) violated(id, typed.ledger.at(index), typed.block(index), index, stain);
}

void MemoryManager::violated(PoolId id, const Ledger::Entry& entry, const std::byte* block,
                             std::uint32_t index, std::size_t offset) {
  counter::increment(violations_);
  tell({MemoryEvent::Kind::guard_violation, id, entry.source.load(), offset, block, index});
}

// The block is nobody's by now, yet the pool does not have it: a second free stops at the owner.
template <class Pool>
void MemoryManager::rest(TypedPool<Pool>& typed, std::uint32_t index) {
  guard::poison(typed.block(index), typed.granted(index));
  endRest(quarantine_->put(typed.block(index)));
}

void MemoryManager::endRest(void* block) {
  if (block == nullptr) return;
  anyOf([&](PoolId, auto& typed) {
    const std::uintptr_t index = typed.geometry().indexOf(block);
    return index < typed.geometry().count() && typed.give(static_cast<std::uint32_t>(index));
  });
}

std::uint32_t MemoryManager::validate(std::uint32_t budget) {
  const std::uint32_t blocks =
      audio_.geometry().count() + network_.geometry().count() + general_.geometry().count();
  std::uint32_t found = 0;
  for (budget = budget < blocks ? budget : blocks; budget != 0; --budget) {
    std::uint32_t index =
        validated_.update([blocks](std::uint32_t turn) { return turn + 1 < blocks ? turn + 1 : 0; });
    anyOf([&](PoolId id, auto& typed) {
      if (index >= typed.geometry().count()) {
        index -= typed.geometry().count();
        return false;
      }
      if (!isSound(id, typed, index)) ++found;
      return true;
    });
  }
  return found;
}

template <class Pool>
bool MemoryManager::isSound(PoolId id, TypedPool<Pool>& typed, std::uint32_t index) {
  if (!typed.care.watches() || !typed.live(index)) return true;
  const Ledger::Entry& entry = typed.ledger.at(index);
  const std::uint32_t generation = entry.generation.load();
  const std::size_t breach =
      guard::firstBreach(typed.block(index), entry.holding.size(), typed.granted(index));
  // A block that changed hands meanwhile may have shown half of the old holder's figures.
  const bool same = typed.live(index) && entry.generation.load() == generation;
  if (breach == guard::intact || !same) return true;
  violated(id, entry, typed.block(index), index, breach);
  return false;
}

Occupancy MemoryManager::occupancy() const {
  Occupancy sum;
  const auto add = [&sum](const auto& typed) {
    if (typed.released()) return;
    sum.held += std::size_t{typed.pool.inUse()} * typed.geometry().blockSize();
    sum.total += typed.geometry().bytes();
  };
  add(audio_);
  add(network_);
  add(general_);
  return sum;
}

std::size_t MemoryManager::releaseIdlePools() {
  const port::TaskLock lock(tasks_);
  for (std::uint32_t place = 0; quarantine_ != nullptr && place < Quarantine::places; ++place) {
    endRest(quarantine_->take(place));
  }
  std::size_t bytes = 0;
  forEach([&](PoolId id, auto& typed) {
    if (isReclaimable(id) && !typed.released()) bytes += typed.release(heap());
  });
  if (bytes != 0) tell({MemoryEvent::Kind::heap_changed, PoolId::heap, nullptr, bytes});
  return bytes;
}

std::size_t MemoryManager::reacquirePools(std::size_t keep_free) {
  const port::TaskLock lock(tasks_);
  std::size_t bytes = 0;
  forEach([&](PoolId id, auto& typed) {
    if (!isReclaimable(id) || !typed.released()) return;
    const bool spare = heap().freeBytes == nullptr ||
                       heap().freeBytes(heap().context) >= typed.geometry().bytes() + keep_free;
    if (spare) bytes += typed.reacquire(heap());
  });
  if (bytes != 0) tell({MemoryEvent::Kind::heap_changed, PoolId::heap, nullptr, bytes});
  return bytes;
}

bool MemoryManager::isReclaimable(PoolId id) const {
  if (id == PoolId::audio) return config_.audio_reclaimable;
  if (id == PoolId::network) return config_.network_reclaimable;
  return config_.general_reclaimable;
}

// For both kinds of pool: the calls are in MemoryManager.cpp.
template void MemoryManager::freeClaimed(PoolId, TypedPool<BlockPool>&, std::uint32_t, void*);
template void MemoryManager::freeClaimed(PoolId, TypedPool<RunPool>&, std::uint32_t, void*);
template void MemoryManager::checkSeal(PoolId, TypedPool<BlockPool>&, std::uint32_t);
template void MemoryManager::checkSeal(PoolId, TypedPool<RunPool>&, std::uint32_t);
template void MemoryManager::checkPoison(PoolId, TypedPool<BlockPool>&, std::uint32_t);
template void MemoryManager::checkPoison(PoolId, TypedPool<RunPool>&, std::uint32_t);

}  // namespace millpond
