// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "millpond/BlockPool.h"
#include "support/Pattern.h"
#include "support/SizedPool.h"

namespace millpond {
namespace {

constexpr std::size_t block_size = 48;

class BlockPoolTest : public testing::TestWithParam<std::uint32_t> {
 protected:
  const std::uint32_t count = GetParam();

  void TearDown() override {
    EXPECT_EQ(pool.inUse(), 0U) << "the pool is not empty";
    // A block that is free but cannot be found any more would be lost.
    for (std::uint32_t index = 0; index < count; ++index) EXPECT_EQ(pool.take(), index);
  }

  std::vector<void*> takeAll() {
    std::vector<void*> blocks;
    while (void* block = pool.allocate()) blocks.push_back(block);
    return blocks;
  }
  void giveBack(const std::vector<void*>& blocks) {
    for (void* block : blocks) EXPECT_TRUE(pool.deallocate(block));
  }
  void* start() { return pool.geometry().address(0); }

  test::SizedPool<BlockPool> pool{block_size, count};
};

INSTANTIATE_TEST_SUITE_P(, BlockPoolTest, testing::Values(1U, 4U, 31U, 32U, 33U, 64U, 65U, 1000U, 1024U),
                         [](const auto& given) { return std::to_string(given.param); });

TEST_P(BlockPoolTest, GivesEveryBlockOnceFromTheLowestAndThenNone) {
  const std::vector<void*> blocks = takeAll();
  ASSERT_EQ(blocks.size(), count);
  for (std::uint32_t index = 0; index < count; ++index) {
    EXPECT_EQ(blocks[index], pool.geometry().address(index));
  }
  EXPECT_EQ(pool.inUse(), count);
  EXPECT_EQ(pool.allocate(), nullptr);
  EXPECT_EQ(pool.take(), BlockPool::none);
  giveBack(blocks);
}

TEST_P(BlockPoolTest, GivesABlockBackToWhoeverAsksNextWhereverItLies) {
  const std::vector<void*> blocks = takeAll();
  for (void* block : blocks) {
    ASSERT_TRUE(pool.deallocate(block));
    ASSERT_EQ(pool.allocate(), block);
    ASSERT_EQ(pool.allocate(), nullptr);
  }
  giveBack(blocks);
}

TEST_P(BlockPoolTest, TakesTheLowestFreeBlockFirst) {
  const std::vector<void*> blocks = takeAll();
  for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
    ASSERT_TRUE(pool.deallocate(*block));
  }
  EXPECT_EQ(takeAll(), blocks);
  giveBack(blocks);
}

TEST_P(BlockPoolTest, RefusesASecondFreeAndCountsNothingTwice) {
  const std::vector<void*> blocks = takeAll();
  for (std::uint32_t index = 0; index < count; ++index) {
    ASSERT_TRUE(pool.deallocate(blocks[index]));
    ASSERT_FALSE(pool.deallocate(blocks[index]));
    ASSERT_FALSE(pool.give(index));
    ASSERT_EQ(pool.inUse(), count - index - 1);
  }
}

TEST_P(BlockPoolTest, RefusesToFreeWhatWasNeverTaken) {
  EXPECT_FALSE(pool.deallocate(start()));
  EXPECT_EQ(pool.inUse(), 0U);
}

TEST_P(BlockPoolTest, RefusesInteriorPastTheEndForeignAndNullPointers) {
  const std::vector<void*> blocks = takeAll();
  auto* const first = static_cast<std::byte*>(start());
  for (std::size_t offset = 0; offset < pool.geometry().bytes(); ++offset) {
    if (offset % block_size != 0) {
      ASSERT_FALSE(pool.deallocate(first + offset)) << offset;
    }
  }
  const auto base = reinterpret_cast<std::uintptr_t>(first);
  for (std::uintptr_t beyond = 0; beyond < 3 * block_size; ++beyond) {
    const auto past = base + pool.geometry().bytes() + beyond;
    ASSERT_FALSE(pool.deallocate(reinterpret_cast<void*>(past)));
    ASSERT_FALSE(pool.deallocate(reinterpret_cast<void*>(base - 1 - beyond)));
  }
  int foreign = 0;
  EXPECT_FALSE(pool.deallocate(&foreign));
  EXPECT_FALSE(pool.deallocate(nullptr));
  EXPECT_FALSE(pool.deallocate(reinterpret_cast<void*>(~std::uintptr_t{0})));
  EXPECT_EQ(pool.inUse(), count);
  giveBack(blocks);
}

TEST_P(BlockPoolTest, NeverHandsOutAForeignPointerThatWasFreedIntoIt) {
  alignas(std::max_align_t) std::byte foreign[block_size] = {};
  EXPECT_FALSE(pool.deallocate(foreign));
  const std::vector<void*> blocks = takeAll();
  EXPECT_EQ(blocks.size(), count);
  for (const void* block : blocks) EXPECT_TRUE(pool.geometry().contains(block));
  giveBack(blocks);
}

TEST_P(BlockPoolTest, KnowsWhichBlocksAreHeld) {
  const std::vector<void*> blocks = takeAll();
  for (std::uint32_t index = 0; index < count; index += 3) pool.give(index);
  for (std::uint32_t index = 0; index < count; ++index) {
    EXPECT_EQ(pool.heldAt(index), index % 3 == 0 ? 0U : 1U);
  }
  for (std::uint32_t index = 0; index < count; ++index) {
    if (index % 3 != 0) {
      EXPECT_TRUE(pool.give(index));
    }
  }
}

TEST_P(BlockPoolTest, KeepsNothingInsideABlock) {
  const std::vector<void*> blocks = takeAll();
  for (std::uint32_t index = 0; index < count; ++index) {
    test::fill(test::bytesOf(blocks[index], block_size), index % 251);
  }
  giveBack(blocks);
  EXPECT_EQ(takeAll(), blocks);
  for (std::uint32_t index = 0; index < count; ++index) {
    EXPECT_TRUE(test::isIntact(test::bytesOf(blocks[index], block_size), index % 251)) << index;
  }
  giveBack(blocks);
}

TEST_P(BlockPoolTest, AlignsEveryBlock) {
  const std::vector<void*> blocks = takeAll();
  for (const void* block : blocks) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % alignof(std::max_align_t), 0U);
  }
  giveBack(blocks);
}

TEST_P(BlockPoolTest, FindsTheBlockAroundAnyOfItsBytes) {
  auto* const first = static_cast<std::byte*>(start());
  for (std::size_t offset = 0; offset < pool.geometry().bytes(); ++offset) {
    ASSERT_EQ(pool.startAround(first + offset), offset / block_size);
  }
}

TEST(StaticBlockPool, HonoursAnAlignmentLargerThanTheDefault) {
  StaticBlockPool<256, 3, 128> pool;
  for (int block = 0; block < 3; ++block) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(pool.allocate()) % 128, 0U);
  }
}

TEST(StaticBlockPool, ServesEachRequestUpToItsBlockSize) {
  const StaticBlockPool<4096, 4> pool;
  EXPECT_EQ(pool.maxRequest(), 4096U);
}

TEST(StaticBlockPool, NeedsOneWordOfStateForUpTo32BlocksAndASummaryBeyond) {
  EXPECT_EQ(BlockPool::stateWords(1), 1U);
  EXPECT_EQ(BlockPool::stateWords(32), 1U);
  EXPECT_EQ(BlockPool::stateWords(33), 3U);
  EXPECT_EQ(BlockPool::stateWords(1024), 33U);
}

}  // namespace
}  // namespace millpond
