// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "millpond/LiveBlocks.h"
#include "support/ManagerFixture.h"

namespace millpond {
namespace {

using test::liveBlocks;
using LiveBlocksTest = test::DefaultManager;

TEST_F(LiveBlocksTest, IsEmptyWhereNothingIsHeld) { EXPECT_TRUE(liveBlocks(memory).empty()); }

TEST_F(LiveBlocksTest, ListsEveryHeldBlockPoolByPoolWithAllThatIsKnown) {
  Port::driveTicks(10);
  void* general = memory.allocateGeneralBuffer(700, "json");
  void* fallen = memory.allocateNetworkBuffer(30'000, "tls");
  void* first = memory.allocateAudioBuffer(4096, "capture");
  void* second = memory.allocateAudioBuffer(10, "capture");
  void* network = memory.allocateNetworkBuffer(19'200, "uplink");
  memory.deallocate(first);
  Port::driveTicks(110);

  const std::vector<LiveBlock> blocks = liveBlocks(memory);
  ASSERT_EQ(blocks.size(), 4U);
  EXPECT_EQ(blocks[0].pool, PoolId::audio);
  EXPECT_EQ(blocks[0].index, 1U);
  EXPECT_EQ(blocks[0].address, second);
  EXPECT_STREQ(blocks[0].source, "capture");
  EXPECT_EQ(blocks[0].size, 10U);
  EXPECT_EQ(blocks[0].granted, 4096U);
  EXPECT_EQ(blocks[1].pool, PoolId::network);
  EXPECT_EQ(blocks[1].address, network);
  EXPECT_EQ(blocks[2].pool, PoolId::general);
  EXPECT_EQ(blocks[2].address, general);
  EXPECT_EQ(blocks[2].granted, 1024U);
  EXPECT_EQ(blocks[3].pool, PoolId::heap);
  EXPECT_EQ(blocks[3].address, fallen);
  EXPECT_EQ(blocks[3].size, 30'000U);
  EXPECT_EQ(blocks[3].granted, 30'000U);
  for (const LiveBlock& block : blocks) EXPECT_EQ(block.age_ms, 6553U);
  for (void* block : {general, fallen, second, network}) memory.deallocate(block);
}

TEST_F(LiveBlocksTest, IsOfNoAgeWhereTheClockWasSetBackBehindIt) {
  Port::driveTicks(1000);
  void* block = memory.allocateAudioBuffer(1, "capture");
  Port::driveTicks(999);
  ASSERT_EQ(liveBlocks(memory).size(), 1U);
  EXPECT_EQ(liveBlocks(memory)[0].age_ms, 0U);
  memory.deallocate(block);
}

TEST_F(LiveBlocksTest, ListsOnlyWhatIsAtLeastSoOld) {
  Port::driveTicks(1000);
  void* old = memory.allocateAudioBuffer(1, "old");
  Port::driveTicks(2000);
  void* young = memory.allocateAudioBuffer(1, "young");
  Port::driveTicks(3000);
  EXPECT_EQ(liveBlocks(memory, 0).size(), 2U);
  EXPECT_EQ(liveBlocks(memory, 65'535).size(), 2U);
  ASSERT_EQ(liveBlocks(memory, 65'537).size(), 1U);
  EXPECT_STREQ(liveBlocks(memory, 65'537)[0].source, "old");
  EXPECT_TRUE(liveBlocks(memory, UINT64_MAX).empty());
  memory.deallocate(old);
  memory.deallocate(young);
}

TEST_F(LiveBlocksTest, MeasuresAgeAcrossTheClocksWrap) {
  Port::driveTicks(UINT32_MAX - 9);
  void* block = memory.allocateAudioBuffer(1, "a");
  Port::driveTicks(90);
  EXPECT_EQ(liveBlocks(memory)[0].age_ms, 6553U);
  memory.deallocate(block);
}

TEST_F(LiveBlocksTest, MeasuresAgesOfYearsToTheTick) {
  Port::driveTicks(1);
  void* block = memory.allocateAudioBuffer(1, "a");
  for (const std::uint32_t ticks : {1U, 15U, 1000U, 480'000'000U, UINT32_MAX / 2}) {
    Port::driveTicks(1 + ticks);
    const std::uint64_t exact = std::uint64_t{ticks} * 65'536 / 1000;
    EXPECT_NEAR(static_cast<double>(liveBlocks(memory)[0].age_ms), static_cast<double>(exact), 1.0) << ticks;
  }
  memory.deallocate(block);
}

TEST_F(LiveBlocksTest, CopiesAndComparesItsIterators) {
  void* first = memory.allocateAudioBuffer(1, "a");
  void* second = memory.allocateAudioBuffer(2, "b");
  const LiveBlocks blocks = memory.leaks();
  LiveBlocks::Iterator it = blocks.begin();
  const LiveBlocks::Iterator before = it++;
  EXPECT_STREQ(before->source, "a");
  EXPECT_STREQ((*it).source, "b");
  EXPECT_TRUE(++it == LiveBlocks::end());
  memory.deallocate(first);
  memory.deallocate(second);
}

}  // namespace
}  // namespace millpond
