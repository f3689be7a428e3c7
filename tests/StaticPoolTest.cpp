// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// The pools that know their size at compile time: what their operations share with `BlockPool` and `RunPool`
// is not their code.
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "millpond/BlockPool.h"
#include "millpond/RunPool.h"

namespace millpond {
namespace {

template <std::size_t size, std::size_t units>
struct PoolShape {
  static constexpr std::size_t block_size = size;
  static constexpr std::size_t count = units;
};

template <class PoolShape>
class StaticBlockPoolTest : public testing::Test {
 protected:
  static constexpr std::size_t block_size = PoolShape::block_size;
  static constexpr std::size_t count = PoolShape::count;

  void TearDown() override {
    EXPECT_EQ(pool.inUse(), 0U) << "the pool is not empty";
    EXPECT_EQ(takeAll().size(), count) << "a block was lost";
  }

  std::vector<void*> takeAll() {
    std::vector<void*> blocks;
    while (void* block = pool.allocate()) blocks.push_back(block);
    return blocks;
  }
  void giveBack(const std::vector<void*>& blocks) {
    for (void* block : blocks) EXPECT_TRUE(pool.deallocate(block));
  }
  std::byte* start() { return pool.geometry().address(0); }
  std::byte* end() { return start() + count * block_size; }

  StaticBlockPool<block_size, count> pool;
};

using BlockShapes = testing::Types<PoolShape<48, 1>, PoolShape<64, 4>, PoolShape<16, 5>, PoolShape<48, 31>,
                                   PoolShape<4096, 32>, PoolShape<48, 33>, PoolShape<16, 1024>>;
TYPED_TEST_SUITE(StaticBlockPoolTest, BlockShapes);

TYPED_TEST(StaticBlockPoolTest, GivesEveryBlockAtItsAddressAndThenNone) {
  const std::vector<void*> blocks = this->takeAll();
  ASSERT_EQ(blocks.size(), this->count);
  for (std::size_t index = 0; index < this->count; ++index) {
    EXPECT_EQ(blocks[index], this->start() + index * this->block_size);
  }
  EXPECT_EQ(this->pool.inUse(), this->count);
  EXPECT_EQ(this->pool.allocate(), nullptr);
  this->giveBack(blocks);
}

TYPED_TEST(StaticBlockPoolTest, GivesABlockBackToWhoeverAsksNextWhereverItLies) {
  const std::vector<void*> blocks = this->takeAll();
  for (void* block : blocks) {
    ASSERT_TRUE(this->pool.deallocate(block));
    ASSERT_EQ(this->pool.allocate(), block);
    ASSERT_EQ(this->pool.allocate(), nullptr);
  }
  this->giveBack(blocks);
}

TYPED_TEST(StaticBlockPoolTest, RefusesASecondFreeAndWhatWasNeverTaken) {
  for (std::byte* block = this->start(); block != this->end(); block += this->block_size) {
    ASSERT_FALSE(this->pool.deallocate(block));
  }
  for (void* block : this->takeAll()) {
    ASSERT_TRUE(this->pool.deallocate(block));
    ASSERT_FALSE(this->pool.deallocate(block));
  }
}

TYPED_TEST(StaticBlockPoolTest, RefusesThePointerJustPastTheEndAndAllBeyond) {
  const std::vector<void*> blocks = this->takeAll();
  for (std::size_t beyond = 0; beyond <= 40 * this->block_size; ++beyond) {
    ASSERT_FALSE(this->pool.deallocate(this->end() + beyond)) << beyond;
    ASSERT_FALSE(this->pool.deallocate(this->start() - 1 - beyond)) << beyond;
  }
  EXPECT_EQ(this->pool.inUse(), this->count);
  this->giveBack(blocks);
}

TYPED_TEST(StaticBlockPoolTest, RefusesInteriorForeignAndNullPointers) {
  const std::vector<void*> blocks = this->takeAll();
  for (std::byte* pointer = this->start(); pointer != this->end(); ++pointer) {
    if (static_cast<std::size_t>(pointer - this->start()) % this->block_size != 0) {
      ASSERT_FALSE(this->pool.deallocate(pointer));
    }
  }
  const int foreign = 0;
  EXPECT_FALSE(this->pool.deallocate(&foreign));
  EXPECT_FALSE(this->pool.deallocate(nullptr));
  EXPECT_FALSE(this->pool.deallocate(reinterpret_cast<void*>(~std::uintptr_t{0})));
  EXPECT_EQ(this->pool.inUse(), this->count);
  this->giveBack(blocks);
}

TYPED_TEST(StaticBlockPoolTest, IsOnePoolWithTheBlockPoolThatItIs) {
  BlockPool& same = this->pool;
  void* block = this->pool.allocate();
  EXPECT_EQ(same.heldAt(0), 1U);
  EXPECT_TRUE(same.deallocate(block));
  EXPECT_FALSE(this->pool.deallocate(block));
  EXPECT_EQ(same.allocate(), block);
  EXPECT_TRUE(this->pool.deallocate(block));
}

template <class PoolShape>
class StaticRunPoolTest : public testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(pool.inUse(), 0U) << "the pool is not empty"; }

  std::byte* start() { return pool.geometry().address(0); }

  StaticRunPool<PoolShape::block_size, PoolShape::count> pool;
};

using RunShapes = testing::Types<PoolShape<16, 1>, PoolShape<512, 8>, PoolShape<64, 32>, PoolShape<16, 33>>;
TYPED_TEST_SUITE(StaticRunPoolTest, RunShapes);

TYPED_TEST(StaticRunPoolTest, GivesEveryGranuleAtItsAddressAndThenNone) {
  for (std::size_t index = 0; index < TypeParam::count; ++index) {
    EXPECT_EQ(this->pool.allocate(TypeParam::block_size), this->start() + index * TypeParam::block_size);
  }
  EXPECT_EQ(this->pool.allocate(1), nullptr);
  for (std::size_t index = 0; index < TypeParam::count; ++index) {
    EXPECT_TRUE(this->pool.deallocate(this->start() + index * TypeParam::block_size));
    EXPECT_FALSE(this->pool.deallocate(this->start() + index * TypeParam::block_size)) << "a second free";
  }
}

TYPED_TEST(StaticRunPoolTest, RefusesEveryPointerButTheStartOfARun) {
  const std::size_t longest = this->pool.maxRequest();
  const std::size_t bytes = TypeParam::count * TypeParam::block_size;
  void* run = this->pool.allocate(longest);
  ASSERT_EQ(run, this->start());
  EXPECT_EQ(this->pool.allocate(longest + 1), nullptr);
  for (std::size_t offset = 1; offset < bytes + 40 * TypeParam::block_size; ++offset) {
    ASSERT_FALSE(this->pool.deallocate(this->start() + offset)) << offset;
    ASSERT_FALSE(this->pool.deallocate(this->start() - offset)) << offset;
  }
  EXPECT_FALSE(this->pool.deallocate(nullptr));
  EXPECT_TRUE(this->pool.deallocate(run));
}

}  // namespace
}  // namespace millpond
