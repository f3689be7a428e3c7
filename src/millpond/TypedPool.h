// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/HeapFallback.h"
#include "millpond/Ledger.h"
#include "millpond/MemoryConfig.h"
#include "millpond/Quarantine.h"
#include "millpond/WaitQueue.h"

namespace millpond {

/// What a manager works on: as much of each as its configuration says, zeroed, outliving it.
struct MemoryTables {
  std::byte* memory;
  Word* state;
  Ledger::Entry* entries;
  HeapFallback::Record* records;
  Quarantine* quarantine;
};

/// What is done at a block's allocation and free beyond taking and giving it; nothing where all are off.
class Care {
 public:
  Care(Guards guards, bool reclaimable)
      : flags_(static_cast<std::uint8_t>((guards != Guards::none ? watch : 0) |
                                         (reclaimable || guards == Guards::full ? claim : 0) |
                                         (guards == Guards::full ? poison : 0))) {}

  bool any() const { return flags_ != 0; }
  /// A canary marks the block's slack.
  bool watches() const { return (flags_ & watch) != 0; }
  /// A free first takes the block from its owner, so that a second one stops there whatever the pool does.
  bool claims() const { return (flags_ & claim) != 0; }
  /// A free block is poisoned and rests.
  bool poisons() const { return (flags_ & poison) != 0; }

 private:
  static constexpr std::uint8_t watch = 1;
  static constexpr std::uint8_t claim = 2;
  static constexpr std::uint8_t poison = 4;
  std::uint8_t flags_;
};

/// A pool, who holds its blocks, who waits for one, and how often it could not serve.
template <class Pool>
struct TypedPool {
  /// Effect: takes what it needs off the front of `tables`, or its memory from `heap` if it is reclaimable.
  TypedPool(const PoolSpec& spec, Guards guards, MemoryTables& tables, const Heap& heap)
      : pool({spec.reclaimable ? nullptr : tables.memory, spec.block_size, spec.blocks}, tables.state,
             spec.reserve),
        care(guards, spec.reclaimable),
        ledger(tables.entries) {
    if (!spec.reclaimable) tables.memory += spec.bytes();
    tables.state += Pool::stateWords(spec.blocks);
    tables.entries += spec.blocks;
    if (spec.reclaimable) {
      pool.close();
      reacquire(heap);
    } else if (care.poisons()) {
      guard::poison(block(0), geometry().bytes());
    }
  }

  const BlockGeometry& geometry() const { return pool.geometry(); }
  std::byte* block(std::uint32_t index) const { return geometry().address(index); }
  /// Bytes that the holder of block `index` may use. Requires: it is held.
  std::size_t granted(std::uint32_t index) const {
    return std::size_t{pool.heldAt(index)} * geometry().blockSize();
  }
  /// Whether somebody holds block `index`: it is not free, and where frees are claims neither resting nor
  /// released.
  bool live(std::uint32_t index) const {
    return pool.heldAt(index) != 0 && (!care.claims() || ledger.at(index).holding.owners() != 0);
  }

  /// Effect: gives block `index` back and wakes who waits for it. Returns: false where it is free already.
  bool give(std::uint32_t index) {
    if (!pool.give(index)) return false;
    if (!waiting.empty()) [[unlikely]]
      waiting.wakeFirst();
    return true;
  }

  /// Whether the pool's memory is with the heap just now.
  bool released() const { return block(0) == nullptr; }

  /// Effect: gives the memory to `heap` if nobody holds a block. Requires: reclaimable, not released; calls
  /// of this and of `reacquire` exclude one another. Returns: the bytes given.
  std::size_t release(const Heap& heap) {
    if (!pool.close()) return 0;
    std::byte* memory = block(0);
    pool.moveTo(nullptr);
    heap.release(heap.context, memory);
    return geometry().bytes();
  }

  /// Effect: takes memory from `heap` if it has any. Requires: reclaimable, released. Returns: the bytes.
  std::size_t reacquire(const Heap& heap) {
    auto* memory = static_cast<std::byte*>(heap.allocate(heap.context, geometry().bytes()));
    if (memory == nullptr) return 0;
    if (care.poisons()) guard::poison(memory, geometry().bytes());
    pool.moveTo(memory);
    pool.reopen();
    waiting.wakeFirst();
    return geometry().bytes();
  }

  [[no_unique_address]] Pool pool;
  Care care;
  Ledger ledger;
  WaitQueue waiting;
  Word exhausted;
  Word oversize;
  Word fallbacks;
  Word rejected;
};

}  // namespace millpond
