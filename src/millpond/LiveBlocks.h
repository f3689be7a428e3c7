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

/// The held blocks of a memory manager that are at least so old, as a range: pools first, the heap's last.
///
/// Walked while others allocate it leaves out a block that changes hands just then, and never shows one
/// holder's block with another's name, size or age; once they are quiet it is exact. Only under
/// `Guards::none`, where a plain free does not write down that a block is nobody's, may one that is just
/// being taken show its last holder's. A walk costs two looks a block of the configuration and holds nothing
/// up. Context: any that reaches flash.
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
