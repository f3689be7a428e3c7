// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Test.h"
#include "millpond/BlockPool.h"

namespace millpond {

namespace {

/// A pool in its own memory, so that no test needs a large stack.
template <std::size_t block_size, std::size_t count>
BlockPool& freshPool() {
  static StaticBlockPool<block_size, count> pool;
  EXPECT_EQ(pool.inUse(), 0U);
  return pool;
}

std::byte* at(void* block) { return static_cast<std::byte*>(block); }

}  // namespace

TEST(BlockPool, ServesEveryBlockOnceAndThenNone) {
  BlockPool& pool = freshPool<64, 4>();
  void* blocks[4];
  for (void*& block : blocks) block = pool.allocate();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(at(blocks[i + 1]) - at(blocks[i]), 64);
  EXPECT_TRUE(pool.allocate() == nullptr);
  for (void* block : blocks) EXPECT_TRUE(pool.deallocate(block));
  EXPECT_EQ(pool.inUse(), 0U);
}

TEST(BlockPool, TakesTheLowestFreeBlock) {
  BlockPool& pool = freshPool<64, 4>();
  void* first = pool.allocate();
  void* second = pool.allocate();
  EXPECT_TRUE(pool.deallocate(first));
  EXPECT_TRUE(pool.allocate() == first);
  EXPECT_TRUE(pool.deallocate(second));
  EXPECT_TRUE(pool.deallocate(first));
}

TEST(BlockPool, RefusesSecondInteriorAndForeignFrees) {
  BlockPool& pool = freshPool<4000, 4>();
  void* block = pool.allocate();
  EXPECT_FALSE(pool.deallocate(at(block) + 1));
  EXPECT_FALSE(pool.deallocate(at(block) + 2000));
  EXPECT_FALSE(pool.deallocate(at(block) + 4 * 4000));
  EXPECT_FALSE(pool.deallocate(at(block) - 4000));
  EXPECT_FALSE(pool.deallocate(&pool));
  EXPECT_FALSE(pool.deallocate(nullptr));
  EXPECT_TRUE(pool.deallocate(block));
  EXPECT_FALSE(pool.deallocate(block));
}

TEST(BlockPool, ServesEveryBlockOfManyWords) {
  constexpr std::size_t count = 100;
  BlockPool& pool = freshPool<16, count>();
  static void* blocks[count];
  for (std::size_t i = 0; i < count; ++i) {
    blocks[i] = pool.allocate();
    EXPECT_EQ(at(blocks[i]) - at(blocks[0]), static_cast<std::ptrdiff_t>(16 * i));
  }
  EXPECT_TRUE(pool.allocate() == nullptr);
  EXPECT_TRUE(pool.deallocate(blocks[70]));
  EXPECT_TRUE(pool.deallocate(blocks[33]));
  EXPECT_TRUE(pool.allocate() == blocks[33]);
  EXPECT_TRUE(pool.allocate() == blocks[70]);
  for (void* block : blocks) EXPECT_TRUE(pool.deallocate(block));
  for (void* block : blocks) EXPECT_FALSE(pool.deallocate(block));
  EXPECT_EQ(pool.inUse(), 0U);
}

}  // namespace millpond
