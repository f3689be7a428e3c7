// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <memory>

#include "streamer/backlog/PoolQueue.h"
#include "tests/streamer/support/DeviceFixture.h"

namespace millpond::streamer {
namespace {

using PoolQueueTest = test::DeviceFixture;

TEST_F(PoolQueueTest, GivesBackInTheOrderItTook) {
  PoolQueue<int> queue;
  ASSERT_TRUE(queue.reserve(memory(), 3, "test"));
  int next_in = 0;
  int next_out = 0;
  for (int round = 0; round < 10; ++round) {
    while (!queue.full()) queue.push(next_in++);
    EXPECT_EQ(queue.back(), next_in - 1);
    EXPECT_EQ(queue.front(), next_out);
    EXPECT_EQ(queue.pop(), next_out++);
    EXPECT_EQ(queue.pop(), next_out++);
  }
  EXPECT_EQ(queue.size(), 1U);
}

TEST_F(PoolQueueTest, LiesInTheGeneralPool) {
  PoolQueue<std::uint64_t> queue;
  ASSERT_TRUE(queue.reserve(memory(), 100, "test"));
  EXPECT_EQ(memory().stats().general.in_use, 2U);
}

TEST_F(PoolQueueTest, DestroysWhatIsLeftInIt) {
  const auto watched = std::make_shared<int>(0);
  {
    PoolQueue<std::shared_ptr<int>> queue;
    ASSERT_TRUE(queue.reserve(memory(), 4, "test"));
    queue.push(std::shared_ptr<int>(watched));
    queue.push(std::shared_ptr<int>(watched));
    queue.pop();
    EXPECT_EQ(watched.use_count(), 2);
  }
  EXPECT_EQ(watched.use_count(), 1);
}

}  // namespace
}  // namespace millpond::streamer
