// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Test.h"
#include "millpond/BlockPool.h"

namespace millpond {

TEST(BlockPool, ServesEveryBlockOnceAndThenNone) {
  StaticBlockPool<64, 4> pool;
  void* blocks[4];
  for (void*& block : blocks) block = pool.allocate();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(static_cast<std::byte*>(blocks[i + 1]) - static_cast<std::byte*>(blocks[i]), 64);
  }
  EXPECT_EQ(pool.allocate(), nullptr);
  for (void* block : blocks) EXPECT_TRUE(pool.deallocate(block));
  EXPECT_EQ(pool.inUse(), 0U);
}

}  // namespace millpond
