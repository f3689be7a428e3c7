// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "millpond/BlockPool.h"
#include "millpond/Buffer.h"
#include "millpond/HeapFallback.h"
#include "millpond/Ledger.h"
#include "millpond/LiveBlocks.h"
#include "millpond/MemoryConfig.h"
#include "millpond/MemoryEvent.h"
#include "millpond/MemoryStats.h"
#include "millpond/RunPool.h"

namespace millpond {

class StaticBufferNode;

/// Typed pools for an always-on device, and a capped way to the heap for what they cannot serve.
///
/// - An allocation that a pool serves, and every free of a pool's block, takes constant time and never
///   touches the platform heap: any thread, core or interrupt may call at any moment.
/// - What a pool cannot serve, because it is too large or the pool is empty, goes to the heap up to
///   `MemoryConfig::max_heap_allocation` bytes; tasks only.
/// - A free of anything but a held block's start changes nothing and is counted, in every build.
/// - Every block is known by source, size and age. Failure is nullptr and a counter; nothing ever throws,
///   aborts or logs.
///
/// Before its constructor ran, a static manager refuses every request and every free.
///
///     StaticMemoryManager<MemoryConfig{}> memory;
///     void* block = memory.allocateAudioBuffer(4096, "capture");
///     memory.deallocate(block);
///
/// `source` is a string that outlives the block, or nullptr, which is shown as "?".
class MemoryManager {
 public:
  MemoryManager(const MemoryManager&) = delete;
  MemoryManager& operator=(const MemoryManager&) = delete;

  /// Effect: takes a block of the audio (network) pool, or as many adjacent granules of the general pool as
  /// `size` bytes need; where there is none, memory from the heap.
  /// Returns: memory aligned to `MemoryConfig::alignment` (the heap's: as the heap aligns), or nullptr, each
  /// counted: size 0; neither pool nor fallback could serve; the pool could not and the caller is an
  /// interrupt. Cost: constant where the pool serves; else the heap's. Context: any.
  [[nodiscard]] void* allocateAudioBuffer(std::size_t size, const char* source);
  [[nodiscard]] void* allocateNetworkBuffer(std::size_t size, const char* source);
  [[nodiscard]] void* allocateGeneralBuffer(std::size_t size, const char* source);

  /// Effect: gives back memory that one of the calls above returned, whichever it was; nothing for nullptr.
  /// Anything else, also a second free, changes nothing and is counted as rejected by the pool the pointer
  /// lies in, or by the heap where it lies in none.
  /// Cost: constant for a pool's block; else one comparison for each heap record and the heap's cost.
  /// Context: any for a pool's block; task for the heap's, which an interrupt's free leaves held (counted).
  void deallocate(void* pointer);

  /// As the calls above, as an owning handle.
  [[nodiscard]] Buffer audioBuffer(std::size_t size, const char* source);
  [[nodiscard]] Buffer networkBuffer(std::size_t size, const char* source);
  [[nodiscard]] Buffer generalBuffer(std::size_t size, const char* source);

  /// Every figure of every pool. Cost: one step for each block of the configuration. Context: any.
  MemoryStats stats() const;

  /// Every held block that was taken at least `older_than_ms` milliseconds ago, as a range of `LiveBlock`.
  LiveBlocks leaks(std::uint64_t older_than_ms = 0) const { return {*this, older_than_ms}; }

  /// Effect: fills `out` with a row for each source that holds something. Sources are told apart by their
  /// text; what does not fit is summed up in the last row under the name "(others)".
  /// Returns: the rows filled. Cost: (blocks held) x (rows). Context: task.
  std::size_t statsBySource(std::span<SourceStats> out) const;

  /// Effect: `observer` is told of every `MemoryEvent` from now on; the default is nobody.
  /// Requires: nobody is inside the manager during the call. Context: task.
  void setObserver(const MemoryObserver& observer) { observer_ = observer; }

  /// The registered static buffers, newest first; nullptr where there is none.
  const StaticBufferNode* staticBuffers() const { return static_buffers_; }

 protected:
  /// What a manager works on: as much of each as its configuration says, zeroed, outliving it.
  struct Tables {
    std::byte* memory;
    Word* state;
    Ledger::Entry* entries;
    HeapFallback::Record* records;
  };
  MemoryManager(const MemoryConfig& config, const Tables& tables, const Heap& heap);
  ~MemoryManager() = default;

 private:
  friend class Buffer;
  friend class LiveBlocks;
  friend class StaticBufferNode;

  /// A pool, who holds its blocks, and how often it could not serve.
  template <class Pool>
  struct TypedPool {
    /// Effect: takes what it needs off the front of `tables`.
    TypedPool(const PoolSpec& spec, Tables& tables);

    Pool pool;
    Ledger ledger;
    Word exhausted;
    Word oversize;
    Word fallbacks;
    Word rejected;
  };

  MemoryManager(const MemoryConfig& config, const PoolTable& pools, Tables tables, const Heap& heap);

  template <class Pool>
  void* serve(PoolId id, TypedPool<Pool>& typed, std::size_t size, const char* source);
  void* serveElsewhere(PoolId id, std::size_t size, const char* source);
  template <class Visitor>
  auto visit(PoolId id, Visitor visitor);
  void deallocateHolding(void* pointer, std::uint32_t generation);
  void reject(const void* pointer);
  template <class Pool>
  bool rejectedBy(PoolId id, TypedPool<Pool>& typed, const void* pointer);
  void tell(MemoryEvent::Kind kind, PoolId pool, const char* source, std::size_t size,
            const void* pointer = nullptr) const;
  Buffer handle(void* pointer, std::size_t size);
  const Ledger::Entry* entryOf(const void* pointer) const;
  template <class Pool>
  static PoolStats statsOf(PoolId id, const TypedPool<Pool>& typed);
  PoolStats heapStats() const;
  bool liveBlockAt(std::uint32_t position, LiveBlock& block) const;
  std::uint32_t positions() const;

  TypedPool<BlockPool> audio_;
  TypedPool<BlockPool> network_;
  TypedPool<RunPool> general_;
  HeapFallback heap_;
  Word heap_rejected_;
  Word invalid_;
  MemoryObserver observer_;
  StaticBufferNode* static_buffers_ = nullptr;
  std::size_t static_budget_;
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
