// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What a memory manager does beside serving: telling of violations, validation, giving pools back and taking
// them again, and who observes it.
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
  const bool watched = typed.traits().has(PoolTraits::watched) && !typed.released();
  return watched ? typed.breachAt(index, *guard_) : guard::intact;
}

Occupancy MemoryManager::occupancy() const {
  Occupancy sum;
  for (const TypedPool& typed : pools_) {
    sum.held += std::size_t{typed.live()} * typed.geometry().blockSize();
    sum.total += typed.geometry().bytes();
  }
  return sum;
}

std::size_t MemoryManager::releaseFreed() {
  const std::size_t bytes = heap_.releaseFreed();
  if (bytes != 0) heapChanged(bytes);
  return bytes;
}

// The heap and the observer, which are the user's, are called with no lock held.
std::size_t MemoryManager::releaseIdlePools() {
  endRest();
  std::size_t bytes = 0;
  for (TypedPool& typed : pools_) {
    std::byte* blocks = withdraw(typed);
    if (blocks != nullptr) bytes += releaseRegion(typed, blocks);
  }
  if (bytes != 0) heapChanged(bytes);
  return bytes;
}

std::byte* MemoryManager::withdraw(TypedPool& typed) {
  const port::TaskLock lock(tasks_);
  return typed.hasRegion() ? typed.withdraw() : nullptr;
}

// A region begins with a fence, where blocks have one.
std::size_t MemoryManager::releaseRegion(const TypedPool& typed, std::byte* blocks) const {
  const std::size_t bytes = regionBytes(typed);
  heap().release(heap().context, blocks - setup_->fence, bytes);
  return bytes;
}

void MemoryManager::abandonPools() {
  for (TypedPool& typed : pools_) {
    if (typed.hasRegion()) releaseRegion(typed, typed.abandon());
  }
}

std::size_t MemoryManager::reacquirePools(std::size_t keep_free, std::size_t keep_largest) {
  std::size_t bytes = 0;
  for (TypedPool& typed : pools_) {
    if (typed.lacksRegion()) bytes += reacquire(typed, keep_free, keep_largest);
  }
  if (bytes != 0) heapChanged(bytes);
  return bytes;
}

// Which hole the heap takes the region from only the heap knows, so the largest is looked at behind that.
std::size_t MemoryManager::reacquire(TypedPool& typed, std::size_t keep_free, std::size_t keep_largest) {
  const Heap& from = heap();
  const std::size_t bytes = regionBytes(typed);
  const std::size_t free = from.freeBytes != nullptr ? from.freeBytes(from.context) : SIZE_MAX;
  if (free < bytes || free - bytes < keep_free) return 0;
  void* memory = from.allocate(from.context, bytes, setup_->heap.alignment);
  if (memory == nullptr) return 0;
  const bool spare = from.largestFreeBlock == nullptr || from.largestFreeBlock(from.context) >= keep_largest;
  if (spare && start(typed, static_cast<std::byte*>(memory))) return bytes;
  from.release(from.context, memory, bytes);
  return 0;
}

// Returns: false where another task was quicker.
bool MemoryManager::start(TypedPool& typed, std::byte* memory) {
  const port::TaskLock lock(tasks_);
  if (!typed.released()) return false;
  typed.start(memory + setup_->fence, guard_);
  return true;
}

bool MemoryManager::setObserver(const MemoryObserver* observer) {
  if (setup_ == nullptr) return false;
  const auto free = [observer](const MemoryObserver* told) { return told == nullptr || observer == nullptr; };
  const MemoryObserver* told =
      observer_.update([=](const MemoryObserver* seen) { return free(seen) ? observer : seen; });
  return free(told) || told == observer;
}

}  // namespace millpond
