// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Test.h"
#include "millpond/BlockPool.h"

namespace millpond {

namespace block_pool_tests {

/// Effect: `check` of a pool, as what it is and as any `BlockPool`, whose operations are not the same code.
template <std::size_t block_size, std::size_t count, class Check>
void ofBoth(Check check) {
  static StaticBlockPool<block_size, count> pool;  // no test needs a large stack
  check(pool);
  EXPECT_EQ(pool.inUse(), 0U);
  check(static_cast<BlockPool&>(pool));
  EXPECT_EQ(pool.inUse(), 0U);
}

std::byte* at(void* block) { return static_cast<std::byte*>(block); }

/// Effect: all of a pool's blocks, each at its address; frees that are wrong, and then those that are right.
template <std::size_t block_size, std::size_t count>
void takesGivesAndRefuses() {
  ofBoth<block_size, count>([](auto& pool) {
    std::byte* const start = pool.geometry().address(0);
    for (std::size_t block = 0; block < count; ++block)
      EXPECT_FALSE(pool.deallocate(start + block * block_size));
    for (std::size_t block = 0; block < count; ++block) {
      EXPECT_TRUE(pool.allocate() == start + block * block_size);
    }
    EXPECT_TRUE(pool.allocate() == nullptr);
    for (std::byte* block = start; block != start + count * block_size; block += block_size) {
      for (std::size_t inside = 1; inside < block_size; ++inside)
        EXPECT_FALSE(pool.deallocate(block + inside));
    }
    for (std::size_t beyond = 0; beyond < 2 * block_size; ++beyond) {
      EXPECT_FALSE(pool.deallocate(start + count * block_size + beyond));
    }
    for (std::size_t before = 1; before <= 2 * block_size; ++before)
      EXPECT_FALSE(pool.deallocate(start - before));
    EXPECT_FALSE(pool.deallocate(&pool));
    EXPECT_FALSE(pool.deallocate(nullptr));
    EXPECT_EQ(pool.inUse(), count);
    for (std::size_t block = 0; block < count; ++block) {
      EXPECT_TRUE(pool.deallocate(start + block * block_size));
      EXPECT_TRUE(pool.allocate() == start + block * block_size);
    }
    for (std::size_t block = 0; block < count; ++block) {
      EXPECT_TRUE(pool.deallocate(start + block * block_size));
      EXPECT_FALSE(pool.deallocate(start + block * block_size));
      EXPECT_EQ(pool.inUse(), count - block - 1);
    }
  });
}

TEST(BlockPool, TakesGivesAndRefusesOneBlock) { takesGivesAndRefuses<64, 1>(); }
TEST(BlockPool, TakesGivesAndRefusesAFewBlocks) { takesGivesAndRefuses<64, 4>(); }
TEST(BlockPool, TakesGivesAndRefusesBlocksOfNoPowerOfTwo) { takesGivesAndRefuses<48, 7>(); }
TEST(BlockPool, TakesGivesAndRefusesAWordOfBlocks) { takesGivesAndRefuses<16, 32>(); }
TEST(BlockPool, TakesGivesAndRefusesManyWordsOfBlocks) { takesGivesAndRefuses<16, 100>(); }

TEST(BlockPool, TakesTheLowestFreeBlock) {
  ofBoth<64, 4>([](auto& pool) {
    void* first = pool.allocate();
    void* second = pool.allocate();
    EXPECT_TRUE(pool.deallocate(first));
    EXPECT_TRUE(pool.allocate() == first);
    EXPECT_TRUE(pool.deallocate(second));
    EXPECT_TRUE(pool.deallocate(first));
  });
}

TEST(BlockPool, TakesTheLowestFreeBlockOfManyWords) {
  constexpr std::size_t count = 100;
  ofBoth<16, count>([](auto& pool) {
    static void* blocks[count];
    for (void*& block : blocks) block = pool.allocate();
    EXPECT_TRUE(pool.deallocate(blocks[70]));
    EXPECT_TRUE(pool.deallocate(blocks[33]));
    EXPECT_TRUE(pool.allocate() == blocks[33]);
    EXPECT_TRUE(pool.allocate() == blocks[70]);
    for (void* block : blocks) EXPECT_TRUE(pool.deallocate(block));
  });
}

TEST(BlockPool, RefusesInteriorPointersOfALargeBlock) {
  ofBoth<4000, 4>([](auto& pool) {
    void* block = pool.allocate();
    EXPECT_FALSE(pool.deallocate(at(block) + 1));
    EXPECT_FALSE(pool.deallocate(at(block) + 2000));
    EXPECT_FALSE(pool.deallocate(at(block) + 4 * 4000));
    EXPECT_FALSE(pool.deallocate(at(block) - 4000));
    EXPECT_TRUE(pool.deallocate(block));
  });
}

}  // namespace block_pool_tests
}  // namespace millpond
