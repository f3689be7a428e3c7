// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// The maintenance of a memory manager: it reports violations, validates, releases and reacquires pools, and
// registers the observer.
#include "millpond/base/Counter.h"
#include "millpond/manager/ManagerCore.h"
#include "millpond/port/TaskLock.h"

namespace millpond {

inline MemoryEvent ManagerCore::violationOf(const PoolState& pool, std::uint32_t index,
                                            std::size_t offset) const {
  return {.source = pool.ledger.at(index).source.load(),
          .size = offset,
          .pointer = pool.block(index),
          .block = index,
          .kind = MemoryEvent::Kind::guard_violation,
          .pool = idOf(pool)};
}

inline void ManagerCore::report(MemoryEvent violation) {
  counter::increment(violations_);
  if (violation.source != payload_source) tell(violation);
}

void ManagerCore::violated(const PoolState& pool, std::uint32_t index, std::size_t offset) {
  report(violationOf(pool, index, offset));
}

std::uint32_t ManagerCore::validate(std::uint32_t budget) {
  const std::uint32_t all = blocks();
  std::uint32_t found = 0;
  for (budget = budget < all ? budget : all; budget != 0; --budget) {
    std::uint32_t index = validated_.update([all](std::uint32_t turn)
                                                MILLPOND_INLINED { return turn + 1 < all ? turn + 1 : 0; });
    const PoolState* pool = poolAt(index);
    if (pool == nullptr) continue;
    const MemoryEvent violation = validateBlock(*pool, index);
    if (violation.size == guard::intact) continue;
    report(violation);
    ++found;
  }
  return found;
}

// The lock keeps the pool's memory from being released meanwhile; the observer is called outside the lock.
inline MemoryEvent ManagerCore::validateBlock(const PoolState& pool, std::uint32_t index) {
  const port::TaskLock lock(tasks_);
  const bool watched = pool.traits().has(PoolTraits::watched) && !pool.released();
  return violationOf(pool, index, watched ? pool.breachAt(index, *guard_) : guard::intact);
}

Occupancy ManagerCore::occupancy() const {
  Occupancy sum;
  for (const PoolState& pool : all()) {
    sum.held += std::size_t{pool.live()} * pool.geometry().blockSize();
    sum.total += pool.geometry().bytes();
  }
  return sum;
}

std::size_t ManagerCore::releaseFreed() {
  const std::size_t bytes = heap_.releaseFreed();
  if (bytes != 0) heapChanged(bytes);
  return bytes;
}

// The heap and the observer belong to the user, so they are called with no lock held.
std::size_t ManagerCore::releaseIdlePools() {
  endRest();
  std::size_t bytes = 0;
  for (PoolState& pool : all()) {
    std::byte* blocks = withdraw(pool);
    if (blocks != nullptr) bytes += releaseRegion(pool, blocks);
  }
  if (bytes != 0) heapChanged(bytes);
  return bytes;
}

inline std::byte* ManagerCore::withdraw(PoolState& pool) {
  const port::TaskLock lock(tasks_);
  return pool.hasRegion() ? pool.withdraw() : nullptr;
}

// A region begins with a fence if blocks have one.
std::size_t ManagerCore::releaseRegion(const PoolState& pool, std::byte* blocks) const {
  const std::size_t bytes = regionBytes(pool);
  heap_.heap().release(heap_.heap().context, blocks - setup_->fence, bytes);
  return bytes;
}

void ManagerCore::abandonPools() {
  for (PoolState& pool : all()) {
    if (pool.hasRegion()) releaseRegion(pool, pool.abandon());
  }
}

std::size_t ManagerCore::reacquirePools(std::size_t keep_free, std::size_t keep_largest) {
  std::size_t bytes = 0;
  for (PoolState& pool : all()) {
    if (pool.lacksRegion()) bytes += reacquire(pool, keep_free, keep_largest);
  }
  if (bytes != 0) heapChanged(bytes);
  return bytes;
}

// Only the heap knows which hole it takes the region from, so the largest free block is checked afterwards.
inline std::size_t ManagerCore::reacquire(PoolState& pool, std::size_t keep_free, std::size_t keep_largest) {
  const Heap& from = heap_.heap();
  const std::size_t bytes = regionBytes(pool);
  const std::size_t free = from.freeBytes != nullptr ? from.freeBytes(from.context) : SIZE_MAX;
  if (free < bytes || free - bytes < keep_free) return 0;
  void* memory = from.take(bytes, setup_->heap.alignment, setup_->rows()[rowOf(idOf(pool))].capability);
  if (memory == nullptr) return 0;
  const bool spare = from.largestFreeBlock == nullptr || from.largestFreeBlock(from.context) >= keep_largest;
  if (spare && start(pool, static_cast<std::byte*>(memory))) return bytes;
  from.release(from.context, memory, bytes);
  return 0;
}

// Returns: false if another task was faster.
inline bool ManagerCore::start(PoolState& pool, std::byte* memory) {
  const port::TaskLock lock(tasks_);
  if (!pool.released()) return false;
  pool.start(memory + setup_->fence, guard_);
  return true;
}

HandOver ManagerCore::handOver(PoolId id, std::span<std::byte> memory) {
  if (!has(id)) return HandOver::no_such_pool;
  PoolState& pool = at(id);
  const port::TaskLock lock(tasks_);
  if (setup_->rows()[rowOf(id)].place != Place::Kind::handed_over || !pool.released())
    return HandOver::not_expected;
  if ((reinterpret_cast<std::uintptr_t>(memory.data()) & (setup_->heap.alignment - 1)) != 0)
    return HandOver::misaligned;
  if (memory.data() == nullptr || memory.size() < regionBytes(pool)) return HandOver::too_small;
  for (const PoolState& other : all()) {
    // The other pool's first fence is before its blocks.
    const std::size_t bytes = regionBytes(pool) + setup_->fence;
    if (!other.released() && other.geometry().overlaps(memory.data(), bytes)) return HandOver::overlaps;
  }
  if (pool.geometry().count() != 0) pool.start(memory.data() + setup_->fence, guard_);
  return HandOver::accepted;
}

bool ManagerCore::setObserver(const MemoryObserver* observer) {
  if (setup_ == nullptr) return false;
  const auto free = [observer](const MemoryObserver* told)
                        MILLPOND_INLINED { return told == nullptr || observer == nullptr; };
  const MemoryObserver* told = observer_.update(
      [=](const MemoryObserver* seen) MILLPOND_INLINED { return free(seen) ? observer : seen; });
  return free(told) || told == observer;
}

}  // namespace millpond
