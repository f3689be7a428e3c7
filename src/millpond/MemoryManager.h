// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// Longer than other headers: half of it is the contracts of the calls.

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

/// Typed pools for an always-on device, with a bounded heap fallback for requests that the pools cannot
/// serve.
///
/// - An allocation that a pool serves, and every free of a pool's block, takes constant time and never
///   touches the platform heap. Any thread, core or interrupt may make these calls at any time.
/// - A request that a pool cannot serve, because it is too large or the pool is empty, goes to the heap, up
///   to `MemoryConfig::max_heap_allocation` bytes. Only tasks use the heap.
/// - A free of anything except the start of a held block changes nothing and is counted, in every build.
/// - The last blocks of a pool can be reserved for interrupts and for callers with `Access::reserved`. A
///   caller may wait for a block. A pool may be reclaimable: its memory goes back to the heap while it is
///   unused.
/// - A write past the requested size is detected at the free. A request that fills its block leaves no byte
///   for a canary, and writes before a block are not detected, unless `MemoryConfig::guards` is
///   `Guards::fenced` or more.
/// - Every block is known by source, size and age. Failure is nullptr and a counter; nothing ever throws,
///   aborts or logs.
///
/// Before its constructor has run, a static manager refuses every request and every free, and has no heap and
/// no observer. Its constructor resets what was counted until then. Under `Guards::none` it does not refuse
/// the free of a block then, which nobody can have been given.
///
///     StaticMemoryManager<MemoryConfig{}> memory;
///     void* block = memory.allocateAudioBuffer(4096, "capture");
///     memory.deallocate(block);
///
/// `source` names the caller. It is nullptr, shown as "?", or a string that lives as long as the manager and
/// everything that watches it (observers, event buses, leak watches): a literal or a static array. It
/// outlives its block in reports of double frees, in queued events and in what a leak watch has learnt. The
/// library reads its text in tasks only. If an observer reads it in an interrupt, it must be in memory that
/// an interrupt may read.
class MemoryManager {
 public:
  MemoryManager(const MemoryManager&) = delete;
  MemoryManager& operator=(const MemoryManager&) = delete;

  // Allocate

  /// Effect: takes a block of the audio (network) pool, or as many adjacent granules of the general pool as
  /// `size` bytes need; if there is none, takes memory from the heap.
  /// Returns: memory aligned to `MemoryConfig::alignment`, or nullptr. Each failure is counted: size 0;
  /// neither the pool nor the fallback could serve; the pool could not serve and the caller is an interrupt.
  /// Cost: constant if the pool serves; else the heap's. Context: any.
  [[nodiscard]] MILLPOND_INLINE void* allocateAudioBuffer(std::size_t size, const char* source) {
    return core_.allocate(size, source, PoolId::audio);
  }
  [[nodiscard]] MILLPOND_INLINE void* allocateNetworkBuffer(std::size_t size, const char* source) {
    return core_.allocate(size, source, PoolId::network);
  }
  [[nodiscard]] MILLPOND_INLINE void* allocateGeneralBuffer(std::size_t size, const char* source) {
    return core_.allocate(size, source, PoolId::general);
  }
  /// As above, for any pool of either kind. An id that this manager does not have is an invalid request.
  [[nodiscard]] MILLPOND_INLINE void* allocate(PoolId pool, std::size_t size, const char* source) {
    return core_.allocate(size, source, pool);
  }
  /// As above, but from the pool only: returns nullptr instead of memory from the heap.
  [[nodiscard]] MILLPOND_INLINE void* allocatePoolOnly(PoolId pool, std::size_t size, const char* source) {
    return core_.allocateSlow(size, source, {Terms::pool_only, pool});
  }

  /// As above, with the rights of `access`. Waits up to `timeout_ms` milliseconds (`wait_forever`: without
  /// limit; 0: not at all) for a block of the pool before it asks the heap. An interrupt never waits. Neither
  /// does a request that the pool could not serve to its caller even with all units free, nor one whose pool
  /// is released.
  ///
  /// Callers with `Access::reserved` are served first, then the most urgent task, then the one that has
  /// waited longest. In the general pool a request may overtake requests ahead of it that need a longer run
  /// than is free. A request that has waited 0.52 s blocks overtaking for another 0.52 s, then allows it for
  /// as long as both together, and so on: the turns last 0.52, 0.52, 1.05, 2.1 s ... A pool does not serve an
  /// ordinary caller that does not wait while a waiting task can use what is free or blocks overtaking; nor,
  /// after units were given back, until the first waiting task has run and checked.
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

  /// The calls above, returning an owning handle.
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

  /// Effect: constructs a `T` in a block of `pool`, never in memory from the heap.
  /// Returns: its owner; empty, with nothing constructed, if the pool has no block or `T` needs a stricter
  /// alignment than blocks have.
  /// Context: any in which the constructor may run.
  template <class T, class... Arguments>
  [[nodiscard]] Object<T> create(PoolId pool, const char* source, Arguments&&... arguments) {
    Buffer block = core_.handle(core_.allocateSlow(sizeof(T), source, {Terms::pool_only, pool}), sizeof(T));
    if (!block || reinterpret_cast<std::uintptr_t>(block.data()) % alignof(T) != 0) return {};
    T* const object = new (block.data()) T(static_cast<Arguments&&>(arguments)...);
    return Object<T>(static_cast<Buffer&&>(block), object);
  }

  // Free

  /// Effect: gives back memory that any of the calls above returned; nothing for nullptr. Anything else,
  /// including a double free or, with guards, a block that `SharedBuffer`s share, changes nothing. It is
  /// counted as rejected by the pool that contains the pointer, or by the heap if no pool does. If an
  /// interrupt frees a heap block, nobody owns the block from that moment on. The next task that takes memory
  /// from the heap, frees memory to it, or calls `releaseFreed` or `Pressure::poll` gives the block back.
  /// Until then the block counts as in use by the heap.
  /// Cost: constant for a pool's block; else two comparisons for each heap record and the heap's cost.
  /// Context: any.
  MILLPOND_INLINE void deallocate(void* pointer) { core_.deallocate(pointer); }
  /// As above. Returns: whether the free was accepted; true for nullptr.
  MILLPOND_INLINE bool tryDeallocate(void* pointer) { return core_.deallocate(pointer); }

  /// Effect: gives the blocks that interrupts freed back to the heap. Returns: the bytes given back. Cost:
  /// one comparison for each heap record, and the heap's. Context: task.
  std::size_t releaseFreed() { return core_.releaseFreed(); }

  // Query

  /// Whether a held block of this manager starts at `pointer`. Cost: as `poolOf`. Context: any.
  MILLPOND_INLINE bool owns(const void* pointer) const { return core_.usableSize(pointer) != 0; }
  /// The bytes that the holder of the block at `pointer` may use, at least as many as requested; 0 if no held
  /// block starts there. Cost: as `poolOf`. Context: any.
  MILLPOND_INLINE std::size_t usableSize(const void* pointer) const { return core_.usableSize(pointer); }
  /// The pool of the block that starts at `pointer` (of a handle: its `data()`), held or free; `PoolId::heap`
  /// for a held block of the fallback, else `PoolId::none`. Cost: constant for a pool's block; else one
  /// comparison for each heap record. Context: any.
  MILLPOND_INLINE PoolId poolOf(const void* pointer) const { return core_.idAt(pointer); }
  /// Bytes of the largest request that the pool could ever serve to an ordinary caller; 0 if there is no such
  /// pool. Cost: constant. Context: any.
  MILLPOND_INLINE std::size_t maxRequest(PoolId pool) const { return core_.maxRequest(pool); }
  /// The alignment of every block, in bytes; 0 before the manager's constructor has run. Context: any that
  /// reaches flash.
  std::size_t alignment() const { return core_.alignment(); }
  /// The pool with this name; `PoolId::none` if there is none. Requires: `name` is not nullptr. Cost: one
  /// comparison of names for each pool. Context: any that reaches flash.
  PoolId find(const char* name) const { return core_.find(name); }
  /// The free units of a pool at this moment; 0 if there is no such pool. Cost: one step for each word of 32
  /// units. Context: any.
  MILLPOND_INLINE std::size_t freeIn(PoolId pool) const { return core_.freeUnits(pool); }
  /// The requests that wait for a pool at this moment. Cost: one load. Context: any.
  MILLPOND_INLINE std::size_t waitingFor(PoolId pool) const { return core_.waiters(pool); }
  /// The name of a pool, of the heap ("heap"), or "?". Context: any that reaches flash.
  const char* nameOf(PoolId pool) const { return core_.nameOf(pool); }

  /// Every figure of every pool, which take 744 bytes of stack on a 32-bit processor. Cost: one step for each
  /// block of the configuration. Context: any.
  MILLPOND_INLINE MemoryStats stats() const { return core_.stats(); }
  /// What the pool would have refused since set-up if it had only its first `blocks` blocks, and whether that
  /// is exact. It assumes that a caller behaves the same whether the pool or the heap serves it, and that
  /// nobody waited. Cost: one step for each block of the pool. Context: any that reaches flash.
  WhatIf whatIf(PoolId pool, std::size_t blocks) const { return core_.whatIf(pool, blocks); }
  /// How many requests block `index` of the pool has served since set-up; 0 if there is no such pool or
  /// block. What was counted before a block's counter wrapped, at 2^32 - 1, counts as served by block 0.
  /// Never falls. Cost: constant. Context: any that reaches flash.
  std::uint64_t servedBy(PoolId pool, std::size_t index) const { return core_.servedBy(pool, index); }
  /// Effect: restarts the peaks of all pools and of the heap from what is held now; that of a pool of blocks
  /// from its highest held block, so that the free blocks below it count as held. A block that was taken and
  /// freed before the call, but within the same tick of 65.536 ms, may still count. If the clock is set back
  /// to before the call, or 4.4 years pass, a block taken after the call counts only while it is held.
  /// Context: task.
  void resetPeaks() { core_.resetPeaks(); }

  /// Every held block that was taken at least `older_than_ms` milliseconds ago, as a range of `LiveBlock`.
  LiveBlocks leaks(std::uint64_t older_than_ms = 0) const { return {core_, older_than_ms}; }
  /// Every held block, as a range of `LiveBlock`.
  LiveBlocks liveBlocks() const { return {core_, 0}; }

  /// Effect: fills `out` with one row for each source that holds blocks. Sources are distinguished by their
  /// text. Sources that do not fit are summed in the last row under the name "(others)".
  /// Returns: the rows filled. Cost: (blocks held) x (rows). Context: task.
  std::size_t statsBySource(std::span<SourceStats> out) const { return core_.statsBySource(out); }

  /// Effect: checks the canaries of the next `budget` blocks (`Guards` says which blocks have one). Each call
  /// continues after the previous one and cycles through all pools. Each held block found overwritten is
  /// counted and reported; event payloads are only counted. Under `Guards::none` there is nothing to check.
  /// Returns: the blocks found overwritten. Cost: up to `budget` blocks' guards. Context: task.
  std::uint32_t validate(std::uint32_t budget) { return core_.validate(budget); }

  /// How full the pools are. A released pool counts as empty, so that releasing it does not make the other
  /// pools look fuller. A block in quarantine under `Guards::full` does not count as held. Cost: one step for
  /// each word of state; one for each block of a pool that is reclaimable or fully guarded. Context: any that
  /// reaches flash.
  Occupancy occupancy() const { return core_.occupancy(); }

  /// The registered static buffers, newest first; nullptr if there is none.
  const StaticBufferNode* staticBuffers() const { return core_.static_buffers_.loadOrdered(); }

  // Memory of the pools

  /// Effect: places the pool, which must be `Place::handedOver()`, in `memory` permanently. Requires: nothing
  /// else uses that memory; only memory of another pool of this manager is detected and refused. Returns:
  /// success, or the reason for the refusal, with nothing changed. Context: task.
  HandOver handOver(PoolId pool, std::span<std::byte> memory) { return core_.handOver(pool, memory); }

  /// Effect: gives the memory of each reclaimable pool with no held block back to the heap. Until
  /// `reacquirePools` the pool handles requests as if it were exhausted. In a pool of more than 32 units a
  /// request during this call may be handled so too, although the pool is then kept because another caller
  /// took a block.
  /// Returns: the bytes given back. Cost: the heap's. Context: task.
  std::size_t releaseIdlePools() { return core_.releaseIdlePools(); }

  /// Effect: takes memory for each released pool again, if the heap has it and, as far as the heap can tell,
  /// keeps `keep_free` bytes and a free block of `keep_largest` bytes. Which block the heap uses is known
  /// only afterwards, so the memory may be taken and given back at once. Of racing callers only one takes it.
  /// Returns: the bytes taken. Cost: the heap's. Context: task.
  std::size_t reacquirePools(std::size_t keep_free = 0, std::size_t keep_largest = 0) {
    return core_.reacquirePools(keep_free, keep_largest);
  }

  // Observer, heap and internals

  /// Effect: reports every `MemoryEvent` to `observer` from now on. The observer must outlive the manager, or
  /// the call with nullptr, which ends the registration. A call of the manager in progress in another task
  /// may still report to it after that.
  /// Returns: false, with nothing changed, if another observer is registered (a `Pressure` is one), or before
  /// the manager's constructor has run. Context: task.
  bool setObserver(const MemoryObserver* observer) { return core_.setObserver(observer); }

  /// The heap behind the pools; a heap without memory before the manager's constructor has run. Context: any.
  const Heap& heap() const { return core_.heap_.heap(); }

  /// For the library's own components: see `ManagerCore`.
  MILLPOND_INLINE ManagerCore& core() { return core_; }

 protected:
  /// A manager without pools, which refuses every request. A derived class calls `setUp`.
  MemoryManager() = default;
  /// Effect: sets up everything except the pools. The derived class sets them up by `PoolState::setUp`,
  /// acquires the reclaimable ones with `reacquirePools`, and gives them back with `abandonPools`. Requires:
  /// called once. `setup` outlives the manager, and so does everything `tables` and `heap` refer to. `tables`
  /// have a quarantine if the guards are full.
  MILLPOND_INLINE void setUp(const ManagerSetup& setup, const MemoryTables& tables, const Heap& heap) {
    core_.setUp(setup, tables, heap);
  }
  ~MemoryManager() = default;

  /// Effect: gives the memory of every reclaimable pool back to the heap, held or not. Requires: no caller
  /// uses the manager any more. Context: task.
  void abandonPools() { core_.abandonPools(); }

 private:
  ManagerCore core_;
};

}  // namespace millpond

#include "millpond/StaticMemoryManager.h"  // the type that users name: one header is all they include
