// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "millpond/MemoryStats.h"

namespace millpond {

struct ManagerCore;
class MemoryManager;

/// The held blocks of a memory manager that have at least a given age, as a range: pools first, the heap's
/// last.
///
/// An iteration during other callers' allocations omits a block that changes hands at that moment, and never
/// combines one holder's block with another's name, size or age. Without concurrent callers it is exact. One
/// exception: under `Guards::none` the fast path of a free does not record that the block is free, so a block
/// that is just being taken may show its last holder. An iteration costs two reads for each block of the
/// configuration and blocks no other caller. Context: any that reaches flash.
///
///     for (const LiveBlock& block : memory.leaks(60'000)) report(block);
class LiveBlocks {
 public:
  class Iterator {
   public:
    using value_type = LiveBlock;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    const LiveBlock& operator*() const { return block_; }
    const LiveBlock* operator->() const { return &block_; }
    Iterator& operator++() {
      ++position_;
      seek();
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Iterator& it, std::default_sentinel_t) { return it.position_ == it.end_; }

   private:
    friend class LiveBlocks;
    explicit Iterator(const LiveBlocks& blocks);
    void seek();

    const LiveBlocks* blocks_ = nullptr;
    std::uint32_t position_ = 0;
    std::uint32_t end_ = 0;
    LiveBlock block_;
  };

  /// The first block, and the end of the range. Cost: up to one step for each block of the configuration.
  /// Context: any that reaches flash.
  Iterator begin() const { return Iterator(*this); }
  static std::default_sentinel_t end() { return {}; }

 private:
  friend class MemoryManager;
  friend struct ManagerCore;
  LiveBlocks(const ManagerCore& core, std::uint64_t older_than_ms)
      : core_(core), older_than_ms_(older_than_ms) {}

  const ManagerCore& core_;
  std::uint64_t older_than_ms_;
};

}  // namespace millpond
