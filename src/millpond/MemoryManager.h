// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "millpond/Buffer.h"
#include "millpond/Hot.h"
#include "millpond/LiveBlocks.h"
#include "millpond/MemoryConfig.h"
#include "millpond/MemoryEvent.h"
#include "millpond/MemoryStats.h"
#include "millpond/SharedBuffer.h"
#include "millpond/TypedPool.h"

namespace millpond {

class StaticBufferNode;

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

  /// Effect: takes a block of the audio (network) pool, or as many adjacent granules of the general pool as
  /// `size` bytes need; where there is none, memory from the heap.
  /// Returns: memory aligned to `MemoryConfig::alignment`, or nullptr, each
  /// counted: size 0; neither pool nor fallback could serve; the pool could not and the caller is an
  /// interrupt. Cost: constant where the pool serves; else the heap's. Context: any.
  [[nodiscard]] MILLPOND_HOT void* allocateAudioBuffer(std::size_t size, const char* source);
  [[nodiscard]] MILLPOND_HOT void* allocateNetworkBuffer(std::size_t size, const char* source);
  [[nodiscard]] MILLPOND_HOT void* allocateGeneralBuffer(std::size_t size, const char* source);

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
  [[nodiscard]] MILLPOND_HOT void* allocateAudioBuffer(std::size_t size, const char* source,
                                                       std::uint32_t timeout_ms,
                                                       Access access = Access::ordinary);
  [[nodiscard]] MILLPOND_HOT void* allocateNetworkBuffer(std::size_t size, const char* source,
                                                         std::uint32_t timeout_ms,
                                                         Access access = Access::ordinary);
  [[nodiscard]] MILLPOND_HOT void* allocateGeneralBuffer(std::size_t size, const char* source,
                                                         std::uint32_t timeout_ms,
                                                         Access access = Access::ordinary);
  static constexpr std::uint32_t wait_forever = WaitQueue::wait_forever;

  /// Effect: gives back memory that one of the calls above returned, whichever it was; nothing for nullptr.
  /// Anything else, also a second free or, with guards, a block that `SharedBuffer`s share, changes nothing
  /// and is counted as rejected by the pool the pointer lies in, or by the heap where it lies in none. Cost:
  /// constant for a pool's block; else two comparisons for each heap record and the heap's cost. Context:
  /// any. A heap's block that an interrupt frees is nobody's at once, and goes back to the heap by the next
  /// task that takes memory from it or frees some to it, or calls `releaseFreed` or `Pressure::poll`: until
  /// then it counts as in use by the heap.
  MILLPOND_HOT void deallocate(void* pointer);

  /// Effect: gives back to the heap what interrupts freed. Returns: the bytes. Cost: one comparison for each
  /// heap record, and the heap's. Context: task.
  std::size_t releaseFreed();

  /// As the calls above, as an owning handle.
  [[nodiscard]] MILLPOND_HOT Buffer audioBuffer(std::size_t size, const char* source);
  [[nodiscard]] MILLPOND_HOT Buffer networkBuffer(std::size_t size, const char* source);
  [[nodiscard]] MILLPOND_HOT Buffer generalBuffer(std::size_t size, const char* source);

  /// Every figure of every pool. Cost: one step for each block of the configuration. Context: any that
  /// reaches flash.
  MemoryStats stats() const;

  /// Every held block that was taken at least `older_than_ms` milliseconds ago, as a range of `LiveBlock`.
  LiveBlocks leaks(std::uint64_t older_than_ms = 0) const { return {*this, older_than_ms}; }

  /// Effect: fills `out` with a row for each source that holds something. Sources are told apart by their
  /// text; what does not fit is summed up in the last row under the name "(others)".
  /// Returns: the rows filled. Cost: (blocks held) x (rows). Context: task.
  std::size_t statsBySource(std::span<SourceStats> out) const;

  /// Effect: looks at the canaries of the next `budget` blocks (see `Guards` for what has one), going round
  /// all pools from call to call; each held block found overwritten is counted and, but for an event's
  /// payload, told. Under `Guards::none` there is nothing to see. Returns: the blocks found overwritten.
  /// Cost: up to `budget` blocks' guards. Context: task.
  std::uint32_t validate(std::uint32_t budget);

  /// How full the pools are. A released pool counts with nothing held, so that giving it back does not make
  /// the others look fuller; nor does a block that rests under `Guards::full`, which is nobody's. Cost: one
  /// step for each word of state; for each block of a pool that is reclaimable or fully guarded. Context:
  /// any that reaches flash.
  Occupancy occupancy() const;

  /// Effect: gives the memory of each reclaimable pool that nobody holds a block of back to the heap; until
  /// `reacquirePools` its requests are served as by an exhausted pool. So may be, in a pool of more than 32
  /// units, one that comes during the call, although the pool is kept because somebody took a block.
  /// Returns: the bytes given back. Cost: the heap's. Context: task.
  std::size_t releaseIdlePools();

  /// Effect: takes memory for each released pool again, where the heap has it and, as far as it can say,
  /// keeps `keep_free` bytes and a free block of `keep_largest`. Which block the heap takes is seen only
  /// afterwards: the memory may be taken and given back at once. Of racing callers one takes it.
  /// Returns: the bytes taken. Cost: the heap's. Context: task.
  std::size_t reacquirePools(std::size_t keep_free = 0, std::size_t keep_largest = 0);

  /// Effect: `observer` is told of every `MemoryEvent` from now on, and must outlive the manager or the call
  /// with nullptr, which ends that; a call of the manager under way in another task then may still tell it.
  /// Returns: false, with nothing changed, where another observer is told (a `Pressure` is one), or before
  /// the manager's constructor ran. Context: task.
  bool setObserver(const MemoryObserver* observer);

  /// The heap behind the pools; one that has nothing before the manager's constructor ran. Context: any.
  const Heap& heap() const { return heap_.heap(); }

  /// The registered static buffers, newest first; nullptr where there is none.
  const StaticBufferNode* staticBuffers() const { return static_buffers_; }

 protected:
  /// Effect: a manager whose reclaimable pools are released: who derives from it acquires them by
  /// `reacquirePools`, and gives them back by `abandonPools`. Requires: `setup` outlives the manager, and so
  /// does what `tables` and `heap` refer to; `tables` have a quarantine where the guards are full.
  MemoryManager(const ManagerSetup& setup, MemoryTables&& tables, const Heap& heap);
  ~MemoryManager() = default;

  /// Effect: gives the memory of reclaimable pools back, whoever holds blocks of it. Freeing one later, by a
  /// handle that outlives the manager, is refused.
  void abandonPools();

 private:
  // Something and the pool that it is about, in one register, where a struct of both would go through memory.
  template <class What>
  class About {
   public:
    constexpr About(What what, PoolId pool)
        : both_(static_cast<std::uint32_t>(what) | static_cast<std::uint32_t>(pool) << 8U) {}
    constexpr What what() const { return static_cast<What>(both_ & 0xFFU); }
    constexpr PoolId pool() const { return static_cast<PoolId>(both_ >> 8U); }

   private:
    std::uint32_t both_;
  };

  friend class Buffer;
  friend class SharedBuffer;
  friend class EventBus;
  friend class LeakWatch;
  friend class LiveBlocks;
  friend class StaticBufferNode;
  friend struct GuardSteps;

  // MemoryManager.cpp
  static Access rightsOf(Access access) { return Port::inInterrupt() ? Access::reserved : access; }
  TypedPool& pool(PoolId id) { return pools_[static_cast<std::size_t>(id)]; }
  PoolId idOf(const TypedPool& typed) const { return static_cast<PoolId>(&typed - pools_.data()); }
  void* serveBlock(std::size_t size, const char* source, PoolId id);
  MILLPOND_HOT void* serve(std::size_t size, const char* source, About<Access> access);
  MILLPOND_HOT void* serveWaiting(std::size_t size, const char* source, std::uint32_t timeout_ms,
                                  About<Access> access);
  std::uint32_t waitAs(WaitQueue::Waiter& self, TypedPool& typed);
  // As `takeAs`, and where that has nothing, once more after all rest is ended.
  MILLPOND_HOT std::uint32_t takeRested(TypedPool& typed, std::size_t size, Access rights);
  MILLPOND_HOT void* openAnew(PoolId id, std::uint32_t index);
  MILLPOND_HOT void* openChecked(std::size_t size, const char* source, TypedPool& typed, std::uint32_t index);
  MILLPOND_HOT void* openAtPeak(std::uint32_t index, std::uint32_t left);
  MILLPOND_HOT void* serveElsewhere(std::size_t size, const char* source, About<MemoryEvent::Kind> why);
  MILLPOND_HOT void endRest() {
    if (quarantine_ != nullptr) guard_->giveRested(*this);
  }
  MILLPOND_HOT TypedPool* poolOf(const void* pointer, std::uint32_t& index);
  template <class Units>
  void freeAt(TypedPool& typed, PoolTraits traits, std::uint32_t index, void* pointer);
  MILLPOND_HOT void freeChecked(void* pointer);
  MILLPOND_HOT bool freeIn(TypedPool& typed, std::uint32_t index, void* block);
  MILLPOND_HOT void freeElsewhere(void* pointer);
  MILLPOND_HOT void reject(const void* pointer);
  MILLPOND_HOT void heapChanged(std::size_t bytes) const;
  MILLPOND_HOT void tellMoved(About<MemoryEvent::Kind> what, const char* source, std::size_t size) const;
  MILLPOND_HOT void tellOf(About<MemoryEvent::Kind> what, const char* source, std::size_t size) const;
  MILLPOND_HOT void tell(MemoryEvent& event) const;

  // MemoryHandles.cpp
  MILLPOND_HOT Buffer handle(void* pointer, std::size_t size);
  MILLPOND_HOT std::uint32_t generationOf(const void* pointer);
  MILLPOND_HOT Holding* holdingOf(const void* pointer, std::uint32_t generation);
  MILLPOND_HOT bool shareHolding(const void* pointer, std::uint32_t generation);
  MILLPOND_HOT void dropHolding(void* pointer, std::uint32_t generation);
  // Memory for an event's payload: of the general pool, never from the heap. What is found wrong with it
  // later is counted and not told: that would be an event inside an event.
  MILLPOND_HOT void* allocatePayload(std::size_t size);
  MILLPOND_HOT void freePayload(void* payload);
  static const char payload_source[];

  // MemoryUpkeep.cpp
  std::size_t breachOf(const TypedPool& typed, std::uint32_t index);
  std::byte* withdraw(TypedPool& typed);
  std::size_t releaseRegion(const TypedPool& typed, std::byte* blocks) const;
  std::size_t regionBytes(const TypedPool& typed) const { return typed.geometry().bytes() + setup_->fence; }
  std::size_t reacquire(TypedPool& typed, std::size_t keep_free, std::size_t keep_largest);
  bool start(TypedPool& typed, std::byte* memory);
  MILLPOND_HOT void violated(const TypedPool& typed, std::uint32_t index, std::size_t offset);

  // MemoryReport.cpp
  void countPool(PoolId id, PoolStats& stats, PoolStats& heap) const;
  void countHeap(PoolStats& stats, std::uint32_t blocks) const;
  const TypedPool* poolAt(std::uint32_t& position) const;
  bool liveBlockAt(std::uint32_t position, LiveBlock& block) const;
  bool lookAt(std::uint32_t position, LiveBlock& block) const;
  std::uint32_t blocks() const;
  std::uint32_t places() const { return blocks() + heap_.records(); }

  const ManagerSetup* setup_;
  Quarantine* quarantine_;  // these before the pools, which an interrupt may use as soon as they are made
  const GuardSteps* guard_;
  std::array<TypedPool, typed_pools> pools_;  // by PoolId
  HeapFallback heap_;
  Word heap_rejected_;
  Word invalid_;
  Word violations_;
  Word validated_;
  Port::Atomic<const MemoryObserver*> observer_;
  StaticBufferNode* static_buffers_ = nullptr;
  [[no_unique_address]] Port::TaskMutex tasks_;
};

/// The base of a `StaticBuffer`: its entry in the manager's list.
class StaticBufferNode {
 public:
  StaticBufferNode(const StaticBufferNode&) = delete;
  StaticBufferNode& operator=(const StaticBufferNode&) = delete;

  const char* name() const { return name_; }
  std::size_t bytes() const { return bytes_; }
  const StaticBufferNode* next() const { return next_; }

 protected:
  StaticBufferNode(MemoryManager& manager, const char* name, std::size_t bytes);
  ~StaticBufferNode();

 private:
  MemoryManager& manager_;
  StaticBufferNode* next_;
  const char* name_;
  std::size_t bytes_;
};

}  // namespace millpond

#include "millpond/StaticMemoryManager.h"  // the type that users name: one header is all they include
