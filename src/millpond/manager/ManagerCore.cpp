// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/manager/ManagerCore.h"

#include "millpond/base/Counter.h"
#include "millpond/manager/ManagedPool.h"
#include "millpond/port/TaskLock.h"

namespace millpond {

namespace {

// Stands for a missing source, in memory that an interrupt may read.
MILLPOND_HOT_DATA constexpr char nobody[] = "?";

MILLPOND_INLINE Access rightsOf(Terms terms) {
  const bool reserved = includes(terms, Terms::reserved) || Port::inInterrupt();
  return reserved ? Access::reserved : Access::ordinary;
}

}  // namespace

// As in `StaticMemoryManager`, but what is constant there is loaded here.
void* ManagerCore::allocate(std::size_t size, const char* source, PoolId id) {
  const auto slow = [this, size, source, id]() MILLPOND_INLINED {
    return allocateSlow(size, source, {Terms::ordinary, id});
  };
  if (!has(id)) [[unlikely]]
    return slow();
  PoolState& state = at(id);
  const PoolTraits traits = state.traits();
  if (traits.has(PoolTraits::not_plain)) [[unlikely]]
    return slow();
  if (traits.has(PoolTraits::runs))
    return fast_path::allocate(LoadedPool<true>(state, traits), *this, id, size, source, slow);
  return fast_path::allocate(LoadedPool<false>(state, traits), *this, id, size, source, slow);
}

void* ManagerCore::allocateSlow(std::size_t size, const char* source, About<Terms> terms) {
  if (!has(terms.pool())) return fallBack(size, source, terms);
  PoolState& from = at(terms.pool());
  const Access access = rightsOf(terms.what());
  if (size - 1 < from.maxRequest(access)) {  // 0 wraps
    const std::uint32_t index = takeRested(from, size, access);
    if (index != Pool::none) return finish(size, source, from, index);
  }
  return fallBack(size, source, terms);
}

// Retries after the quarantined blocks are given back.
inline std::uint32_t ManagerCore::takeRested(PoolState& pool, std::size_t size, Access access) {
  std::uint32_t index = pool.takeAs(size, access);
  if (index == Pool::none && quarantine_ != nullptr) {
    endRest();
    index = pool.takeAs(size, access);
  }
  return index;
}

void* ManagerCore::finish(std::size_t size, const char* source, PoolState& pool, std::uint32_t index) {
  if (pool.traits().has(PoolTraits::watched)) guard_->onTake(*this, pool, index, size);
  counter::raise(pool.largest_served, static_cast<std::uint32_t>(size));
  if (!pool.ledger.open(index, static_cast<std::uint32_t>(size), source)) pool.ledger.carry(index);
  return taken(pool, index);
}

void* ManagerCore::finishTaken(std::uint32_t index, std::uint32_t left, PoolId id) {
  PoolState& of = at(id);
  if (of.traits().has(PoolTraits::runs)) run_pool::notePeak(of.bitmap(), left, index);
  if (of.ledger.at(index).generation.load() == 0) of.ledger.carry(index);
  return taken(of, index);
}

// The last step of an allocation: the block, which the trace records.
MILLPOND_INLINE void* ManagerCore::taken(PoolState& pool, std::uint32_t index) {
  if constexpr (trace_on) {
    return recordTaken(pool.block(index), *this, pool.ledger.at(index),
                       tracePlace(TraceKind::allocation, idOf(pool), index));
  }
  return pool.block(index);
}

void* ManagerCore::allocateWaiting(std::size_t size, const char* source, std::uint32_t timeout_ms,
                                   About<Terms> terms) {
  if (timeout_ms != 0 && !Port::inInterrupt() && has(terms.pool())) {
    PoolState& from = at(terms.pool());
    const Access access = rightsOf(terms.what());
    if (size - 1 < from.maxRequest(access)) {
      const std::uint32_t index = from.takeAs(size, access);
      if (index != Pool::none) return finish(size, source, from, index);
      return waitAndFinish(size, source, timeout_ms, terms);
    }
  }
  return allocateSlow(size, source, terms);
}

// Returns: whether the waiter has finished waiting.
MILLPOND_INLINE bool ManagerCore::serveOrGiveUp(WaitQueue::Waiter& self, PoolState& pool) {
  const port::TaskLock lock(tasks_);
  self.beginTurn();
  pool.serveWaiting();
  if (self.served() != Pool::none) return true;
  if (self.late()) pool.giveUp(self);
  return self.late();
}

// Separate, so that only a request that waits has a waiter on its stack. It waits until it is served or late.
[[gnu::noinline]] void* ManagerCore::waitAndFinish(std::size_t size, const char* source,
                                                   std::uint32_t timeout_ms, About<Terms> terms) {
  PoolState& from = at(terms.pool());
  std::uint32_t index = Pool::none;
  {
    WaitQueue::Waiter self(size, rightsOf(terms.what()), timeout_ms);
    if (join(self, from)) {
      endRest();  // from now on no block enters quarantine
      while (!serveOrGiveUp(self, from)) self.sleep();
      index = self.served();
    }
    size = self.size();  // so that it needs no place of its own meanwhile
  }
  return index != Pool::none ? finish(size, source, from, index) : fallBack(size, source, terms);
}

// Returns: false if the pool has no memory. A pool with waiters is not released.
bool ManagerCore::join(WaitQueue::Waiter& self, PoolState& pool) {
  const port::TaskLock lock(tasks_);
  if (pool.released()) return false;
  pool.waiting.join(self);
  return true;
}

void* ManagerCore::fallBack(std::size_t size, const char* source, About<Terms> terms) {
  using Kind = MemoryEvent::Kind;
  if (size == 0 || !has(terms.pool())) {  // also before the manager is set up
    counter::increment(invalid_);
    tellOf({Kind::invalid, terms.pool()}, source, size);
    return nullptr;
  }
  PoolState& from = at(terms.pool());
  const bool fits = size <= from.maxRequest(rightsOf(terms.what()));
  counter::increment(fits ? from.exhausted : from.oversize);
  counter::raise(from.largest_refused, size < UINT32_MAX ? static_cast<std::uint32_t>(size) : UINT32_MAX);
  if constexpr (trace_on)
    recordRare({fits ? TraceKind::exhausted : TraceKind::oversize, terms.pool()}, 0, size, source);
  if (includes(terms.what(), Terms::silent)) return nullptr;
  tellMoved({fits ? Kind::exhausted : Kind::oversize, terms.pool()}, source, size);
  void* memory = includes(terms.what(), Terms::pool_only) ? nullptr : heap_.allocate(size, source);
  if (memory != nullptr) counter::increment(from.fallbacks);
  if constexpr (trace_on) {
    const std::uint32_t block = memory != nullptr ? heap_.indexOf(memory) : 0;
    recordRare({memory != nullptr ? TraceKind::heap_allocation : TraceKind::refused, terms.pool()}, block,
               size, source);
  }
  tellMoved({memory != nullptr ? Kind::fallback : Kind::refused, terms.pool()}, source, size);
  return memory;
}

// As in `StaticMemoryManager`: see `allocate`.
bool ManagerCore::deallocate(void* pointer) {
  PoolState* state = pools_;
  for (const PoolState* const end = pools_ + pool_count_; state != end; ++state) {
    const auto [index, word] = state->geometry().find(pointer);
    if (index >= BlockGeometry::countIn(word)) continue;
    const PoolTraits traits(word);
    if (traits.has(PoolTraits::claimed | PoolTraits::many_words)) return freeSlow(pointer);
    const auto at = static_cast<std::uint32_t>(index);
    if (traits.has(PoolTraits::runs))
      return fast_path::free(LoadedPool<true>(*state, traits), *this, idOf(*state), at, pointer);
    return fast_path::free(LoadedPool<false>(*state, traits), *this, idOf(*state), at, pointer);
  }
  return freeOutsidePools(pointer);
}

PoolState* ManagerCore::poolOf(const void* pointer, std::uint32_t& index) const {
  for (std::uint32_t row = 0; row < pool_count_; ++row) {
    const auto [found, word] = pools_[row].geometry().find(pointer);
    if (found >= BlockGeometry::countIn(word) || pools_[row].released()) continue;
    index = static_cast<std::uint32_t>(found);
    return &pools_[row];
  }
  return nullptr;
}

bool ManagerCore::freeSlow(void* pointer) {
  std::uint32_t index = 0;
  PoolState* from = poolOf(pointer, index);
  if (from == nullptr) return freeOutsidePools(pointer);
  return freeIn(*from, index, pointer) || reject(pointer);
}

bool ManagerCore::freeIn(PoolState& pool, std::uint32_t index, void* block) {
  if constexpr (trace_on) {
    const char* const source = pool.ledger.at(index).source.load();
    const bool freed =
        pool.traits().has(PoolTraits::guarded) ? guard_->onFree(*this, pool, index, block) : pool.give(index);
    return freed && recordFreed(pool, tracePlace(TraceKind::free, idOf(pool), index), source);
  }
  return pool.traits().has(PoolTraits::guarded) ? guard_->onFree(*this, pool, index, block)
                                                : pool.give(index);
}

bool ManagerCore::freeOutsidePools(void* pointer) {
  if (pointer == nullptr) return true;
  std::uint32_t index = 0;
  if constexpr (trace_on) index = heap_.indexOf(pointer);
  if (!heap_.deallocate(pointer)) return reject(pointer);
  if constexpr (trace_on) recordRare({TraceKind::heap_free, PoolId::heap}, index, 0, nullptr);
  if (!Port::inInterrupt()) heapChanged(0);  // in an interrupt it has not changed yet
  return true;
}

bool ManagerCore::reject(const void* pointer) {
  MemoryEvent event{.source = nullptr, .pointer = pointer, .kind = MemoryEvent::Kind::rejected_free};
  Word* rejected = &heap_rejected_;
  for (std::uint32_t row = 0; row < pool_count_; ++row) {
    PoolState& pool = pools_[row];
    if (!pool.geometry().contains(pointer)) continue;
    event.pool = poolIdOf(row);
    event.source = pool.entryAround(pointer).source.load();
    rejected = &pool.rejected;
  }
  counter::increment(*rejected);
  if constexpr (trace_on) {
    const bool foreign = event.pool == PoolId::heap;
    recordRare({foreign ? TraceKind::foreign_free : TraceKind::rejected_free, event.pool}, 0, 0,
               event.source);
  }
  tell(event);
  return false;
}

void ManagerCore::heapChanged(std::size_t bytes) const {
  tellMoved({MemoryEvent::Kind::heap_changed, PoolId::heap}, nullptr, bytes);
}

// A tail call, so that the event is off the stack by then.
[[gnu::noinline]] void ManagerCore::tellMoved(About<MemoryEvent::Kind> what, const char* source,
                                              std::size_t size) const {
  tellOf(what, source, size);
  const MemoryObserver* observer = observer_.loadOrdered();
  if (observer != nullptr && observer->moved != nullptr) observer->moved(observer->context);
}

[[gnu::noinline]] void ManagerCore::tellOf(About<MemoryEvent::Kind> what, const char* source,
                                           std::size_t size) const {
  MemoryEvent event{.source = source, .size = size, .kind = what.what(), .pool = what.pool()};
  tell(event);
}

[[gnu::noinline]] void ManagerCore::tell(MemoryEvent& event) const {
  if (event.source == nullptr) event.source = nobody;
  const MemoryObserver* observer = observer_.loadOrdered();
  if (observer != nullptr) observer->notify(observer->context, event);
}

}  // namespace millpond
