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

/// What every test of a memory manager must leave behind: nothing.
inline void expectAllEmpty(const MemoryManager& memory) {
  const MemoryStats stats = memory.stats();
  for (const PoolStats& pool : {stats.audio, stats.network, stats.general, stats.heap}) expectEmpty(pool);
  EXPECT_TRUE(memory.leaks().begin() == std::default_sentinel) << "a block is still held";
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
