// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <gtest/gtest.h>

#include <iterator>
#include <string>
#include <vector>

#include "millpond.h"
#include "support/TestHeap.h"

namespace millpond::test {

inline void expectEmpty(const PoolStats& pool) {
  EXPECT_EQ(pool.in_use, 0U) << pool.name;
  EXPECT_EQ(pool.allocations, pool.frees) << pool.name;
  EXPECT_EQ(pool.bytes_requested, 0U) << pool.name;
  EXPECT_EQ(pool.bytes_granted, 0U) << pool.name;
}

/// Every block of every pool can be taken, so none is lost: neither held nor free.
inline void expectWholeCapacity(MemoryManager& memory) {
  const MemoryStats before = memory.stats();
  std::vector<void*> taken;
  for (std::size_t row = 0; row < before.pools; ++row) {
    const PoolStats& pool = before.pool(poolIdOf(row));
    for (std::size_t unit = 0; !pool.released && unit < pool.capacity; ++unit) {
      taken.push_back(memory.allocatePoolOnly(poolIdOf(row), 1, "all", 0, Access::reserved));
    }
  }
  const MemoryStats full = memory.stats();
  for (void* block : taken) memory.deallocate(block);
  for (std::size_t row = 0; row < full.pools; ++row) {
    const PoolStats& pool = full.pool(poolIdOf(row));
    EXPECT_EQ(pool.in_use, pool.released ? 0U : pool.capacity) << "blocks are lost: " << pool.name;
  }
}

/// What every test of a memory manager must leave behind: nothing.
inline void expectAllEmpty(MemoryManager& memory) {
  const MemoryStats stats = memory.stats();
  for (std::size_t row = 0; row < stats.pools; ++row) expectEmpty(stats.pool(poolIdOf(row)));
  expectEmpty(stats.heap);
  EXPECT_TRUE(memory.leaks().begin() == std::default_sentinel) << "a block is still held";
  expectWholeCapacity(memory);
}

inline std::vector<LiveBlock> liveBlocks(const MemoryManager& memory, std::uint64_t older_than_ms = 0) {
  std::vector<LiveBlock> blocks;
  for (const LiveBlock& block : memory.leaks(older_than_ms)) blocks.push_back(block);
  return blocks;
}

/// A memory manager of `config` above a heap that counts. At its end all pools must be empty.
template <MemoryConfig config>
class ManagerOf : public testing::Test {
 protected:
  void TearDown() override {
    expectAllEmpty(memory);
    Port::driveTicks(0);
  }

  TestHeap heap;
  StaticMemoryManager<config> memory{heap.heap()};
};

using DefaultManager = ManagerOf<MemoryConfig{}>;

}  // namespace millpond::test
