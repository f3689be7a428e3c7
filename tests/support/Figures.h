// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <gtest/gtest.h>

#include "millpond/MemoryManager.h"

namespace millpond::test {

/// Takes a memory manager's figures again and again, as one observer among callers that go on, and holds them
/// to what `MemoryStats` says of such a moment.
class Figures {
 public:
  /// `inside`: the most callers that can be between taking a block and writing it down.
  Figures(const MemoryManager& memory, unsigned inside) : memory_(memory), inside_(inside) {}

  void expectConsistent() {
    const MemoryStats stats = memory_.stats();
    for (std::size_t row = 0; row < stats.pools; ++row) {
      expectConsistent(stats.pool(poolIdOf(row)), last_.pool(poolIdOf(row)));
    }
    expectConsistent(stats.heap, last_.heap);
    last_ = stats;
    const Occupancy occupancy = memory_.occupancy();
    EXPECT_LE(occupancy.held, occupancy.total);
    for (const LiveBlock& block : memory_.leaks()) EXPECT_LE(block.size, block.granted);
  }

 private:
  void expectConsistent(const PoolStats& now, const PoolStats& last) {
    EXPECT_LE(now.in_use, now.capacity) << now.name;
    EXPECT_LE(now.in_use, now.peak) << now.name;
    EXPECT_LE(now.peak, now.capacity) << now.name;
    EXPECT_LE(now.bytes_requested, now.bytes_granted) << now.name;
    EXPECT_EQ(now.bytes_granted, now.in_use * now.block_size) << now.name;
    EXPECT_LE(now.frees, now.allocations) << now.name;
    EXPECT_GE(now.peak, last.peak) << now.name;
    EXPECT_GE(now.allocations, last.allocations) << now.name;
    EXPECT_GE(now.frees + (now.block_size == 1 ? HeapFallback::max_records : inside_), last.frees)
        << now.name;
    EXPECT_GE(now.exhausted, last.exhausted) << now.name;
    EXPECT_GE(now.fallbacks, last.fallbacks) << now.name;
  }

  const MemoryManager& memory_;
  unsigned inside_;
  MemoryStats last_;
};

}  // namespace millpond::test
