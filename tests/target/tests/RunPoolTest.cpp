// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Test.h"
#include "millpond/RunPool.h"

namespace millpond {

namespace run_pool_tests {

StaticRunPool<512, 8> pool;

std::byte* at(void* run) { return static_cast<std::byte*>(run); }

TEST(RunPool, TakesAsManyGranulesAsTheSizeNeeds) {
  void* one = pool.allocate(512);
  void* two = pool.allocate(513);
  void* four = pool.allocate(2048);
  EXPECT_EQ(at(two) - at(one), 512);
  EXPECT_EQ(at(four) - at(two), 1024);
  EXPECT_EQ(pool.inUse(), 7U);
  EXPECT_TRUE(pool.allocate(1024) == nullptr);
  EXPECT_TRUE(pool.deallocate(two));
  EXPECT_TRUE(pool.deallocate(one));
  EXPECT_TRUE(pool.deallocate(four));
  EXPECT_EQ(pool.inUse(), 0U);
}

TEST(RunPool, TakesTheLowestRunThatIsLongEnough) {
  void* runs[4];
  for (void*& run : runs) run = pool.allocate(1024);
  EXPECT_TRUE(pool.deallocate(runs[1]));
  EXPECT_TRUE(pool.deallocate(runs[3]));
  EXPECT_TRUE(pool.allocate(1025) == nullptr);
  EXPECT_TRUE(pool.deallocate(runs[2]));
  EXPECT_TRUE(pool.allocate(3 * 1024) == runs[1]);
  EXPECT_TRUE(pool.deallocate(runs[1]));
  EXPECT_TRUE(pool.deallocate(runs[0]));
}

TEST(RunPool, ServesEveryLength) {
  for (std::size_t granules = 1; granules <= 8; ++granules) {
    void* run = pool.allocate(granules * 512);
    EXPECT_TRUE(run != nullptr);
    EXPECT_EQ(pool.inUse(), granules);
    EXPECT_TRUE(pool.deallocate(run));
  }
  EXPECT_TRUE(pool.allocate(8 * 512 + 1) == nullptr);
  EXPECT_EQ(pool.peak(), 8U);
}

TEST(RunPool, RefusesSecondInteriorAndForeignFrees) {
  void* run = pool.allocate(1500);
  EXPECT_FALSE(pool.deallocate(at(run) + 512));
  EXPECT_FALSE(pool.deallocate(at(run) + 4));
  EXPECT_FALSE(pool.deallocate(&pool));
  EXPECT_TRUE(pool.deallocate(run));
  EXPECT_FALSE(pool.deallocate(run));
}

}  // namespace run_pool_tests
}  // namespace millpond
