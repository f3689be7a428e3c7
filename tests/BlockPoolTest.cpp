// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "millpond/BlockPool.h"
#include "support/Pattern.h"

namespace millpond {
namespace {

constexpr std::size_t block_size = 48;

template <class Count>
class BlockPoolTest : public testing::Test {
 protected:
  static constexpr std::uint32_t count = Count::value;

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

  StaticBlockPool<block_size, Count::value> pool;
};

template <std::uint32_t n>
using Blocks = std::integral_constant<std::uint32_t, n>;
using Counts = testing::Types<Blocks<1>, Blocks<4>, Blocks<31>, Blocks<32>, Blocks<33>, Blocks<64>,
                              Blocks<65>, Blocks<1000>, Blocks<1024>>;
struct CountNames {
  template <class Count>
  static std::string GetName(int /*index*/) {
    return std::to_string(Count::value);
  }
};
TYPED_TEST_SUITE(BlockPoolTest, Counts, CountNames);

TYPED_TEST(BlockPoolTest, GivesEveryBlockOnceFromTheLowestAndThenNone) {
  const std::vector<void*> blocks = this->takeAll();
  ASSERT_EQ(blocks.size(), this->count);
  for (std::uint32_t index = 0; index < this->count; ++index) {
    EXPECT_EQ(blocks[index], this->pool.geometry().address(index));
  }
  EXPECT_EQ(this->pool.inUse(), this->count);
  EXPECT_EQ(this->pool.allocate(), nullptr);
  EXPECT_EQ(this->pool.take(), BlockPool::none);
  this->giveBack(blocks);
}

TYPED_TEST(BlockPoolTest, GivesABlockBackToWhoeverAsksNextWhereverItLies) {
  const std::vector<void*> blocks = this->takeAll();
  for (void* block : blocks) {
    ASSERT_TRUE(this->pool.deallocate(block));
    ASSERT_EQ(this->pool.allocate(), block);
    ASSERT_EQ(this->pool.allocate(), nullptr);
  }
  this->giveBack(blocks);
}

TYPED_TEST(BlockPoolTest, TakesTheLowestFreeBlockFirst) {
  const std::vector<void*> blocks = this->takeAll();
  for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
    ASSERT_TRUE(this->pool.deallocate(*block));
  }
  EXPECT_EQ(this->takeAll(), blocks);
  this->giveBack(blocks);
}

TYPED_TEST(BlockPoolTest, RefusesASecondFreeAndCountsNothingTwice) {
  const std::vector<void*> blocks = this->takeAll();
  for (std::uint32_t index = 0; index < this->count; ++index) {
    ASSERT_TRUE(this->pool.deallocate(blocks[index]));
    ASSERT_FALSE(this->pool.deallocate(blocks[index]));
    ASSERT_FALSE(this->pool.give(index));
    ASSERT_EQ(this->pool.inUse(), this->count - index - 1);
  }
}

TYPED_TEST(BlockPoolTest, RefusesToFreeWhatWasNeverTaken) {
  EXPECT_FALSE(this->pool.deallocate(this->start()));
  EXPECT_EQ(this->pool.inUse(), 0U);
}

TYPED_TEST(BlockPoolTest, RefusesInteriorPastTheEndForeignAndNullPointers) {
  const std::vector<void*> blocks = this->takeAll();
  auto* const first = static_cast<std::byte*>(this->start());
  for (std::size_t offset = 0; offset < this->pool.geometry().bytes(); ++offset) {
    if (offset % block_size != 0) {
      ASSERT_FALSE(this->pool.deallocate(first + offset)) << offset;
    }
  }
  const auto base = reinterpret_cast<std::uintptr_t>(first);
  for (std::uintptr_t beyond = 0; beyond < 3 * block_size; ++beyond) {
    const auto past = base + this->pool.geometry().bytes() + beyond;
    ASSERT_FALSE(this->pool.deallocate(reinterpret_cast<void*>(past)));
    ASSERT_FALSE(this->pool.deallocate(reinterpret_cast<void*>(base - 1 - beyond)));
  }
  int foreign = 0;
  EXPECT_FALSE(this->pool.deallocate(&foreign));
  EXPECT_FALSE(this->pool.deallocate(nullptr));
  EXPECT_FALSE(this->pool.deallocate(reinterpret_cast<void*>(~std::uintptr_t{0})));
  EXPECT_EQ(this->pool.inUse(), this->count);
  this->giveBack(blocks);
}

TYPED_TEST(BlockPoolTest, NeverHandsOutAForeignPointerThatWasFreedIntoIt) {
  alignas(std::max_align_t) std::byte foreign[block_size] = {};
  EXPECT_FALSE(this->pool.deallocate(foreign));
  const std::vector<void*> blocks = this->takeAll();
  EXPECT_EQ(blocks.size(), this->count);
  for (const void* block : blocks) EXPECT_TRUE(this->pool.geometry().contains(block));
  this->giveBack(blocks);
}

TYPED_TEST(BlockPoolTest, KnowsWhichBlocksAreHeld) {
  const std::vector<void*> blocks = this->takeAll();
  for (std::uint32_t index = 0; index < this->count; index += 3) this->pool.give(index);
  for (std::uint32_t index = 0; index < this->count; ++index) {
    EXPECT_EQ(this->pool.heldAt(index), index % 3 == 0 ? 0U : 1U);
  }
  for (std::uint32_t index = 0; index < this->count; ++index) {
    if (index % 3 != 0) {
      EXPECT_TRUE(this->pool.give(index));
    }
  }
}

TYPED_TEST(BlockPoolTest, KeepsNothingInsideABlock) {
  const std::vector<void*> blocks = this->takeAll();
  for (std::uint32_t index = 0; index < this->count; ++index) {
    test::fill(test::bytesOf(blocks[index], block_size), index % 251);
  }
  this->giveBack(blocks);
  EXPECT_EQ(this->takeAll(), blocks);
  for (std::uint32_t index = 0; index < this->count; ++index) {
    EXPECT_TRUE(test::isIntact(test::bytesOf(blocks[index], block_size), index % 251)) << index;
  }
  this->giveBack(blocks);
}

TYPED_TEST(BlockPoolTest, AlignsEveryBlock) {
  const std::vector<void*> blocks = this->takeAll();
  for (const void* block : blocks) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % alignof(std::max_align_t), 0U);
  }
  this->giveBack(blocks);
}

TYPED_TEST(BlockPoolTest, FindsTheBlockAroundAnyOfItsBytes) {
  auto* const first = static_cast<std::byte*>(this->start());
  for (std::size_t offset = 0; offset < this->pool.geometry().bytes(); ++offset) {
    ASSERT_EQ(this->pool.startAround(first + offset), offset / block_size);
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
