// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "millpond/Buffer.h"
#include "millpond/Heap.h"
#include "millpond/Hot.h"
#include "millpond/MemoryEvent.h"
#include "millpond/MemoryStats.h"
#include "millpond/account/HeapFallback.h"
#include "millpond/base/Require.h"
#include "millpond/manager/PoolState.h"
#include "millpond/trace/TraceRing.h"

namespace millpond {

class StaticBufferNode;

/// A value and the pool that it refers to, in one register. A struct of both would be passed through memory.
template <class What>
class About {
 public:
  MILLPOND_INLINE constexpr About(What what, PoolId pool)
      : both_(static_cast<std::uint32_t>(what) | static_cast<std::uint32_t>(pool) << 8U) {}
  MILLPOND_INLINE constexpr What what() const { return static_cast<What>(both_ & 0xFFU); }
  MILLPOND_INLINE constexpr PoolId pool() const { return static_cast<PoolId>(both_ >> 8U); }

 private:
  std::uint32_t both_;
};

/// How to serve a request.
enum class Terms : std::uint8_t {
  ordinary = 0,
  /// With `Access::reserved`.
  reserved = 1,
  /// From the pool only, never from the heap.
  pool_only = 2,
  /// Not reported to the observer: the payload of an event.
  silent = 4,
};
MILLPOND_INLINE constexpr bool includes(Terms terms, Terms what) {
  return (static_cast<unsigned>(terms) & static_cast<unsigned>(what)) != 0;
}
MILLPOND_INLINE constexpr Terms operator|(Terms a, Terms b) {
  return static_cast<Terms>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
MILLPOND_INLINE constexpr Terms termsOf(Access access) { return static_cast<Terms>(access); }

/// The implementation of every memory manager: the state of its pools, the fallback, and all paths except the
/// fast ones, which are in `ManagedPool`. See `MemoryManager` for the meaning of the calls.
///
/// Every path except the fast one ends in a tail call, so that the fast path keeps nothing across a call.
struct ManagerCore {
  ManagerCore() = default;
  /// Effect: sets up everything except the pools. Those are set up next, each by itself: an interrupt may use
  /// a pool as soon as that is done.
  MILLPOND_INLINE void setUp(const ManagerSetup& setup, const MemoryTables& tables, const Heap& heap) {
    MILLPOND_REQUIRE(setup_ == nullptr);
    setup_ = &setup;
    quarantine_ = tables.quarantine;
    guard_ = setup.guard;
    pools_ = tables.pools;
    heap_.setUp(heap, setup.heap, tables.records);
    static_budget_ = setup.static_buffer_bytes;
    asm volatile("" ::: "memory");  // an interrupt looks at the count first
    pool_count_ = static_cast<std::uint8_t>(setup.pool_count);
  }
  ManagerCore(const ManagerCore&) = delete;
  ManagerCore& operator=(const ManagerCore&) = delete;

  // ManagerCore.cpp

  /// Effect: serves a request by the fast path if the pool is plain, else as `allocateSlow`.
  [[nodiscard]] MILLPOND_HOT void* allocate(std::size_t size, const char* source, PoolId id);
  /// Effect: as `allocate`, without the fast path.
  [[nodiscard]] MILLPOND_HOT void* allocateSlow(std::size_t size, const char* source, About<Terms> terms);
  /// Effect: as `allocateSlow`, but waits for the pool before it asks the heap.
  [[nodiscard]] MILLPOND_HOT void* allocateWaiting(std::size_t size, const char* source,
                                                   std::uint32_t timeout_ms, About<Terms> terms);
  /// Effect: serves a request that the pool could not serve.
  [[nodiscard]] MILLPOND_HOT void* fallBack(std::size_t size, const char* source, About<Terms> terms);
  /// Effect: finishes an allocation whose block has used up its generations, or one of a run that left `left`
  /// free and so may make a new peak. Returns: the block.
  MILLPOND_HOT void* finishTaken(std::uint32_t index, std::uint32_t left, PoolId id);

  /// Effect: frees by the fast path if the pool is plain, else as `freeSlow`. Returns: whether it was freed.
  MILLPOND_HOT bool deallocate(void* pointer);
  /// Effect: as `deallocate`, without the fast path.
  MILLPOND_HOT bool freeSlow(void* pointer);
  /// Effect: as `freeSlow`, for a pointer that does not start a pool's block: nullptr, a heap block or a
  /// foreign pointer.
  MILLPOND_HOT bool freeOutsidePools(void* pointer);
  /// Effect: frees block `index`, which starts at `block`. Returns: false if it may not be freed.
  MILLPOND_HOT bool freeIn(PoolState& pool, std::uint32_t index, void* block);
  /// Effect: counts and reports a refused free. Returns: false.
  MILLPOND_HOT bool reject(const void* pointer);

  /// The pool of the block that starts at `pointer`, and the block's index; nullptr if none starts there.
  MILLPOND_HOT PoolState* poolOf(const void* pointer, std::uint32_t& index) const;
  MILLPOND_INLINE PoolState& at(PoolId id) const { return pools_[rowOf(id)]; }
  MILLPOND_INLINE PoolId idOf(const PoolState& pool) const {
    return poolIdOf(static_cast<std::size_t>(&pool - pools_));
  }
  std::span<PoolState> all() const { return {pools_, pool_count_}; }
  MILLPOND_INLINE bool has(PoolId id) const { return rowOf(id) < pool_count_; }

  MILLPOND_HOT void heapChanged(std::size_t bytes) const;
  MILLPOND_HOT void tellMoved(About<MemoryEvent::Kind> what, const char* source, std::size_t size) const;
  MILLPOND_HOT void tellOf(About<MemoryEvent::Kind> what, const char* source, std::size_t size) const;
  MILLPOND_HOT void tell(MemoryEvent& event) const;

  // TraceHooks.cpp

  /// Effect: records that `core` gave `block`, whose entry is complete. Returns: the block, which therefore
  /// is the first argument.
  [[nodiscard]] MILLPOND_HOT static void* recordTaken(void* block, const ManagerCore& core,
                                                      const Ledger::Entry& entry, std::uint32_t place);
  /// Effect: records that `source` freed a block of `pool`, and notifies the first waiter, if any. Returns:
  /// true.
  MILLPOND_HOT bool recordFreed(PoolState& pool, std::uint32_t place, const char* source) const;
  /// Effect: records an event that the fast path does not have.
  MILLPOND_HOT void recordRare(About<TraceKind> what, std::uint32_t block, std::size_t size,
                               const char* source) const;

  // Handles.cpp

  /// See `MemoryManager`.
  MILLPOND_HOT std::size_t usableSize(const void* pointer) const;
  MILLPOND_HOT PoolId idAt(const void* pointer) const;
  MILLPOND_HOT std::size_t freeUnits(PoolId id) const {
    return has(id) ? at(id).geometry().count() - at(id).inUse() : 0;
  }
  MILLPOND_HOT std::size_t waiters(PoolId id) const { return has(id) ? at(id).waiting.count() : 0; }
  /// An owning handle of the block just allocated; an empty one for nullptr.
  MILLPOND_HOT Buffer handle(void* block, std::size_t size);
  /// The holding of the block that starts at `pointer`, if its generation is still `generation`; else
  /// nullptr.
  MILLPOND_HOT Holding* holdingOf(const void* pointer, std::uint32_t generation);
  MILLPOND_HOT bool shareHolding(const void* pointer, std::uint32_t generation);
  MILLPOND_HOT void dropHolding(void* pointer, std::uint32_t generation);
  /// Memory for an event's payload: from pool `id`, never from the heap. A breach found in it later is
  /// counted and not reported, because the report would be an event inside an event.
  MILLPOND_HOT void* allocatePayload(std::size_t size, PoolId id);
  MILLPOND_HOT void freePayload(void* payload, PoolId id);
  static const char payload_source[];

  // Upkeep.cpp

  std::uint32_t validate(std::uint32_t budget);
  Occupancy occupancy() const;
  std::size_t releaseFreed();
  std::size_t releaseIdlePools();
  std::size_t reacquirePools(std::size_t keep_free, std::size_t keep_largest);
  /// Effect: gives the memory of reclaimable pools back, even if blocks of it are held. A later free of such
  /// a block, by a handle that outlives the manager, is refused.
  void abandonPools();
  HandOver handOver(PoolId id, std::span<std::byte> memory);
  bool setObserver(const MemoryObserver* observer);
  /// Effect: counts and reports a breach. Requires: the caller holds the block, or takes or frees it.
  MILLPOND_HOT void violated(const PoolState& pool, std::uint32_t index, std::size_t offset);

  // Reports.cpp

  const char* nameOf(PoolId id) const;
  PoolId find(const char* name) const;
  MILLPOND_HOT std::size_t maxRequest(PoolId id) const {
    return has(id) ? at(id).maxRequest(Access::ordinary) : 0;
  }
  std::size_t alignment() const { return setup_ != nullptr ? setup_->heap.alignment : 0; }
  MILLPOND_HOT MemoryStats stats() const;
  WhatIf whatIf(PoolId id, std::size_t blocks) const;
  std::uint64_t servedBy(PoolId id, std::size_t index) const;
  void resetPeaks();
  std::size_t statsBySource(std::span<SourceStats> out) const;
  bool liveBlockAt(std::uint32_t position, LiveBlock& block) const;
  std::uint32_t blocks() const;
  std::uint32_t places() const { return blocks() + heap_.records(); }

  MILLPOND_HOT void endRest() {
    if (quarantine_ != nullptr) guard_->giveRested(*this);
  }

  [[no_unique_address]] HeapFallback heap_;
  std::uint8_t pool_count_ = 0;
  const ManagerSetup* setup_ = nullptr;  // read in tasks only: it may be in flash
  Quarantine* quarantine_ = nullptr;
  const GuardSteps* guard_ = nullptr;
  PoolState* pools_ = nullptr;  // by PoolId
  Word heap_rejected_;
  Word invalid_;
  Word violations_;
  Word validated_;
  Word peaks_since_;  // the tick at which the peaks began; 0: at set-up
  Port::Atomic<const MemoryObserver*> observer_;
  Port::Atomic<StaticBufferNode*> static_buffers_;  // the newest
  std::size_t static_budget_ = 0;
  [[no_unique_address]] Port::TaskMutex tasks_;

 private:
  void* waitAndFinish(std::size_t size, const char* source, std::uint32_t timeout_ms, About<Terms> terms);
  bool join(WaitQueue::Waiter& self, PoolState& pool);
  bool serveOrGiveUp(WaitQueue::Waiter& self, PoolState& pool);
  MILLPOND_HOT std::uint32_t takeRested(PoolState& pool, std::size_t size, Access access);
  void* taken(PoolState& pool, std::uint32_t index);
  MILLPOND_HOT void* finish(std::size_t size, const char* source, PoolState& pool, std::uint32_t index);

  MILLPOND_HOT_MEMBER MemoryEvent violationOf(const PoolState& pool, std::uint32_t index,
                                              std::size_t offset) const;
  MILLPOND_HOT_MEMBER void report(MemoryEvent violation);
  MemoryEvent validateBlock(const PoolState& pool, std::uint32_t index);
  std::byte* withdraw(PoolState& pool);
  std::size_t releaseRegion(const PoolState& pool, std::byte* blocks) const;
  std::size_t regionBytes(const PoolState& pool) const { return pool.geometry().bytes() + setup_->fence; }
  std::size_t reacquire(PoolState& pool, std::size_t keep_free, std::size_t keep_largest);
  bool start(PoolState& pool, std::byte* memory);

  MILLPOND_HOT void countPool(std::size_t row, PoolStats& stats, PoolStats& heap) const;
  MILLPOND_HOT void countHeap(PoolStats& stats, std::uint32_t blocks) const;
  const PoolState* poolAt(std::uint32_t& position) const;
  bool lookAt(std::uint32_t position, LiveBlock& block) const;
};

}  // namespace millpond
