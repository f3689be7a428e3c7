// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>

#include "millpond/Access.h"
#include "millpond/Buffer.h"
#include "millpond/Hot.h"
#include "millpond/LiveBlocks.h"
#include "millpond/MemoryConfig.h"
#include "millpond/MemoryEvent.h"
#include "millpond/MemoryStats.h"
#include "millpond/Object.h"
#include "millpond/SharedBuffer.h"
#include "millpond/manager/ManagerCore.h"

namespace millpond {

/// Typed pools for an always-on device, and a capped way to the heap for what they cannot serve.
///
/// - An allocation that a pool serves, and every free of a pool's block, takes constant time and never
///   touches the platform heap: any thread, core or interrupt may call at any moment.
/// - What a pool cannot serve, because it is too large or the pool is empty, goes to the heap up to
///   `MemoryConfig::max_heap_allocation` bytes; tasks only.
/// - A free of anything but a held block's start changes nothing and is counted, in every build.
/// - The last blocks of a pool can be kept for interrupts and callers with `Access::reserved`; a caller may
///   wait for a block; a pool may be reclaimable, so that its memory goes back to the heap while nobody uses
///   it.
/// - A write past what was asked for is seen at the free. A request that fills its block has no byte left to
///   mark, and nothing is seen before a block, unless `MemoryConfig::guards` is `Guards::fenced` or more.
/// - Every block is known by source, size and age. Failure is nullptr and a counter; nothing ever throws,
///   aborts or logs.
///
/// Before its constructor ran, a static manager refuses every request and every free, and has no heap and no
/// observer. What it counts until then is forgotten.
///
///     StaticMemoryManager<MemoryConfig{}> memory;
///     void* block = memory.allocateAudioBuffer(4096, "capture");
///     memory.deallocate(block);
///
/// `source` says who asks. It is nullptr, shown as "?", or a string that lives as long as the manager and
/// whatever watches it (observers, event buses, leak watches): a literal or a static array. It outlives its
/// block in reports of second frees, in queued events and in what a leak watch learnt. The library reads its
/// text in tasks only; where an observer reads it in an interrupt, it lies in memory that an interrupt may
/// read.
class MemoryManager {
 public:
  MemoryManager(const MemoryManager&) = delete;
  MemoryManager& operator=(const MemoryManager&) = delete;

  // Allocate

  /// Effect: takes a block of the audio (network) pool, or as many adjacent granules of the general pool as
  /// `size` bytes need; where there is none, memory from the heap.
  /// Returns: memory aligned to `MemoryConfig::alignment`, or nullptr, each
  /// counted: size 0; neither pool nor fallback could serve; the pool could not and the caller is an
  /// interrupt. Cost: constant where the pool serves; else the heap's. Context: any.
  [[nodiscard]] MILLPOND_INLINE void* allocateAudioBuffer(std::size_t size, const char* source) {
    return core_.allocate(size, source, PoolId::audio);
  }
  [[nodiscard]] MILLPOND_INLINE void* allocateNetworkBuffer(std::size_t size, const char* source) {
    return core_.allocate(size, source, PoolId::network);
  }
  [[nodiscard]] MILLPOND_INLINE void* allocateGeneralBuffer(std::size_t size, const char* source) {
    return core_.allocate(size, source, PoolId::general);
  }
  /// The same for any pool, of whichever kind. An id that this manager does not have is an invalid request.
  [[nodiscard]] MILLPOND_INLINE void* allocate(PoolId pool, std::size_t size, const char* source) {
    return core_.allocate(size, source, pool);
  }
  /// The same of the pool or not at all: nullptr rather than the heap's memory.
  [[nodiscard]] MILLPOND_INLINE void* allocatePoolOnly(PoolId pool, std::size_t size, const char* source) {
    return core_.allocateSlow(size, source, {Terms::pool_only, pool});
  }

  /// As above, with the rights of `access`, and waiting up to `timeout_ms` milliseconds (`wait_forever`:
  /// without end; 0: not at all) for a block of the pool before the heap is asked. An interrupt never waits;
  /// nor does a request that its caller could not be served by the empty pool, or whose pool was released.
  ///
  /// Callers with `Access::reserved` are served first, then the most urgent task, among equals who came
  /// first. In the general pool a request may pass those ahead of it that need a longer run than there is;
  /// but one that has waited 0.52 s lets none pass for as long again, then it does for as long as all that
  /// together, and so on: turns of 0.52, 0.52, 1.05, 2.1 s ... An ordinary caller that does not wait is not
  /// served by a pool while somebody waits who can use what is free, or who lets none pass; nor, after units
  /// were given back, until the first of those who wait has run and looked.
  [[nodiscard]] MILLPOND_INLINE void* allocateAudioBuffer(std::size_t size, const char* source,
                                                          std::uint32_t timeout_ms,
                                                          Access access = Access::ordinary) {
    return allocate(PoolId::audio, size, source, timeout_ms, access);
  }
  [[nodiscard]] MILLPOND_INLINE void* allocateNetworkBuffer(std::size_t size, const char* source,
                                                            std::uint32_t timeout_ms,
                                                            Access access = Access::ordinary) {
    return allocate(PoolId::network, size, source, timeout_ms, access);
  }
  [[nodiscard]] MILLPOND_INLINE void* allocateGeneralBuffer(std::size_t size, const char* source,
                                                            std::uint32_t timeout_ms,
                                                            Access access = Access::ordinary) {
    return allocate(PoolId::general, size, source, timeout_ms, access);
  }
  [[nodiscard]] MILLPOND_INLINE void* allocate(PoolId pool, std::size_t size, const char* source,
                                               std::uint32_t timeout_ms, Access access = Access::ordinary) {
    return core_.allocateWaiting(size, source, timeout_ms, {termsOf(access), pool});
  }
  [[nodiscard]] MILLPOND_INLINE void* allocatePoolOnly(PoolId pool, std::size_t size, const char* source,
                                                       std::uint32_t timeout_ms,
                                                       Access access = Access::ordinary) {
    return core_.allocateWaiting(size, source, timeout_ms, {termsOf(access) | Terms::pool_only, pool});
  }
  static constexpr std::uint32_t wait_forever = WaitQueue::wait_forever;

  /// As the calls above, as an owning handle.
  [[nodiscard]] MILLPOND_INLINE Buffer audioBuffer(std::size_t size, const char* source) {
    return buffer(PoolId::audio, size, source);
  }
  [[nodiscard]] MILLPOND_INLINE Buffer networkBuffer(std::size_t size, const char* source) {
    return buffer(PoolId::network, size, source);
  }
  [[nodiscard]] MILLPOND_INLINE Buffer generalBuffer(std::size_t size, const char* source) {
    return buffer(PoolId::general, size, source);
  }
  [[nodiscard]] MILLPOND_INLINE Buffer buffer(PoolId pool, std::size_t size, const char* source) {
    return core_.handle(core_.allocate(size, source, pool), size);
  }

  /// Effect: makes a `T` in a block of `pool`, and never in the heap's memory. Returns: its owner; empty,
  /// with nothing constructed, if the pool has no block or `T` is aligned more strictly than blocks are.
  /// Context: any, as far as the constructor allows it.
  template <class T, class... Arguments>
  [[nodiscard]] Object<T> create(PoolId pool, const char* source, Arguments&&... arguments) {
    Buffer block = core_.handle(core_.allocateSlow(sizeof(T), source, {Terms::pool_only, pool}), sizeof(T));
    if (!block || reinterpret_cast<std::uintptr_t>(block.data()) % alignof(T) != 0) return {};
    T* const object = new (block.data()) T(static_cast<Arguments&&>(arguments)...);
    return Object<T>(static_cast<Buffer&&>(block), object);
  }

  // Free

  /// Effect: gives back memory that one of the calls above returned, whichever it was; nothing for nullptr.
  /// Anything else, also a second free or, with guards, a block that `SharedBuffer`s share, changes nothing
  /// and is counted as rejected by the pool the pointer lies in, or by the heap where it lies in none. Cost:
  /// constant for a pool's block; else two comparisons for each heap record and the heap's cost. Context:
  /// any. A heap's block that an interrupt frees is nobody's at once, and goes back to the heap by the next
  /// task that takes memory from it or frees some to it, or calls `releaseFreed` or `Pressure::poll`: until
  /// then it counts as in use by the heap.
  MILLPOND_INLINE void deallocate(void* pointer) { core_.deallocate(pointer); }
  /// The same. Returns: whether it was accepted; true for nullptr.
  MILLPOND_INLINE bool tryDeallocate(void* pointer) { return core_.deallocate(pointer); }

  /// Effect: gives back to the heap what interrupts freed. Returns: the bytes. Cost: one comparison for each
  /// heap record, and the heap's. Context: task.
  std::size_t releaseFreed() { return core_.releaseFreed(); }

  // Ask

  /// Whether a block of this manager that somebody holds starts at `pointer`. Cost: as `poolOf`. Context:
  /// any.
  MILLPOND_INLINE bool owns(const void* pointer) const { return core_.usableSize(pointer) != 0; }
  /// Bytes that the holder of the block at `pointer` may use, which are at least those asked for; 0 if no
  /// block that somebody holds starts there. Cost: as `poolOf`. Context: any.
  MILLPOND_INLINE std::size_t usableSize(const void* pointer) const { return core_.usableSize(pointer); }
  /// The pool of the block that starts at `pointer`, held or not; `PoolId::heap` for a held block of the
  /// fallback, else `PoolId::none`. Cost: constant for a pool's block; else one comparison for each heap
  /// record. Context: any.
  MILLPOND_INLINE PoolId poolOf(const void* pointer) const { return core_.idAt(pointer); }
  /// Units of a pool that nobody holds just now; 0 of no pool. Cost: one step for each word of 32. Context:
  /// any.
  std::size_t freeIn(PoolId pool) const { return core_.freeUnits(pool); }
  /// Requests that wait for a pool just now. Cost: one load. Context: any.
  std::size_t waitingFor(PoolId pool) const { return core_.waiters(pool); }
  /// The name of a pool, of the heap ("heap"), or "?". Context: any that reaches flash.
  const char* nameOf(PoolId pool) const { return core_.nameOf(pool); }

  /// Every figure of every pool. Cost: one step for each block of the configuration. Context: any that
  /// reaches flash.
  MemoryStats stats() const { return core_.stats(); }
  /// Effect: the peaks of all pools and of the heap start again from what is held now. A block taken and
  /// freed within the same tick of 65.536 ms before may still count. Where the clock is set back behind the
  /// call, or 4.4 years have passed, a block taken since counts for as long as it is held. Context: task.
  void resetPeaks() { core_.resetPeaks(); }

  /// Every held block that was taken at least `older_than_ms` milliseconds ago, as a range of `LiveBlock`.
  LiveBlocks leaks(std::uint64_t older_than_ms = 0) const { return {core_, older_than_ms}; }
  /// Every held block, as a range of `LiveBlock`.
  LiveBlocks liveBlocks() const { return {core_, 0}; }

  /// Effect: fills `out` with a row for each source that holds something. Sources are told apart by their
  /// text; what does not fit is summed up in the last row under the name "(others)".
  /// Returns: the rows filled. Cost: (blocks held) x (rows). Context: task.
  std::size_t statsBySource(std::span<SourceStats> out) const { return core_.statsBySource(out); }

  /// Effect: looks at the canaries of the next `budget` blocks (see `Guards` for what has one), going round
  /// all pools from call to call; each held block found overwritten is counted and
  /// reported; event payloads are only counted. Under `Guards::none` there is nothing to see. Returns: the
  /// blocks found overwritten. Cost: up to `budget` blocks' guards. Context: task.
  std::uint32_t validate(std::uint32_t budget) { return core_.validate(budget); }

  /// How full the pools are. A released pool counts with nothing held, so that giving it back does not make
  /// the others look fuller; nor does a block that rests under `Guards::full`, which is nobody's. Cost: one
  /// step for each word of state; for each block of a pool that is reclaimable or fully guarded. Context:
  /// any that reaches flash.
  Occupancy occupancy() const { return core_.occupancy(); }

  /// The registered static buffers, newest first; nullptr if there is none.
  const StaticBufferNode* staticBuffers() const { return core_.static_buffers_; }

  // Where pools lie

  /// Effect: the pool, which is `Place::handedOver()`, lies in `memory` from now on, for ever. Requires:
  /// nothing else uses that memory; only what another pool of this manager has is refused. Returns: whether
  /// so, or why not, with nothing changed. Context: task.
  HandOver handOver(PoolId pool, std::span<std::byte> memory) { return core_.handOver(pool, memory); }

  /// Effect: gives the memory of each reclaimable pool that nobody holds a block of back to the heap; until
  /// `reacquirePools` its requests are served as by an exhausted pool. So may be, in a pool of more than 32
  /// units, one that comes during the call, although the pool is kept because somebody took a block.
  /// Returns: the bytes given back. Cost: the heap's. Context: task.
  std::size_t releaseIdlePools() { return core_.releaseIdlePools(); }

  /// Effect: takes memory for each released pool again, where the heap has it and, as far as it can say,
  /// keeps `keep_free` bytes and a free block of `keep_largest`. Which block the heap takes is seen only
  /// afterwards: the memory may be taken and given back at once. Of racing callers one takes it.
  /// Returns: the bytes taken. Cost: the heap's. Context: task.
  std::size_t reacquirePools(std::size_t keep_free = 0, std::size_t keep_largest = 0) {
    return core_.reacquirePools(keep_free, keep_largest);
  }

  // What lies around it

  /// Effect: `observer` is told of every `MemoryEvent` from now on, and must outlive the manager or the call
  /// with nullptr, which ends that; a call of the manager under way in another task then may still tell it.
  /// Returns: false, with nothing changed, where another observer is told (a `Pressure` is one), or before
  /// the manager's constructor ran. Context: task.
  bool setObserver(const MemoryObserver* observer) { return core_.setObserver(observer); }

  /// The heap behind the pools; one that has nothing before the manager's constructor ran. Context: any.
  const Heap& heap() const { return core_.heap_.heap(); }

  /// For the library's own parts: see `ManagerCore`.
  MILLPOND_INLINE ManagerCore& core() { return core_; }

 protected:
  /// A manager without pools, which refuses everything: a derived class calls `setUp`.
  MemoryManager() = default;
  /// Effect: reclaimable pools are released: the derived class acquires them by `reacquirePools`, and gives
  /// them back by `abandonPools`. Requires: called once. `setup` outlives the manager, and so does what
  /// `tables` and `heap` refer to; `tables` have a quarantine if the guards are full.
  void setUp(const ManagerSetup& setup, MemoryTables&& tables, const Heap& heap) {
    core_.setUp(setup, static_cast<MemoryTables&&>(tables), heap);
  }
  ~MemoryManager() = default;

  void abandonPools() { core_.abandonPools(); }

 private:
  ManagerCore core_;
};

}  // namespace millpond

#include "millpond/StaticMemoryManager.h"  // the type that users name: one header is all they include
