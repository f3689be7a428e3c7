// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "support/ManagerFixture.h"

namespace millpond {
namespace {

constexpr MemoryConfig config{
    .audio_reclaimable = true, .network_reclaimable = true, .general_reclaimable = true};

using ReclaimablePoolTest = test::ManagerOf<config>;

TEST_F(ReclaimablePoolTest, LivesInTheHeapAndNotInTheArena) {
  EXPECT_EQ(heap.outstanding(), 3U);
  EXPECT_EQ(config.arenaBytes(), 0U);
  EXPECT_EQ(memory.poolBytes(), 61440U) << "the budget counts it all the same";
}

TEST_F(ReclaimablePoolTest, GoesBackWhileNobodyHoldsABlock) {
  const Buffer held = memory.networkBuffer(100, "uplink");
  EXPECT_EQ(memory.releaseIdlePools(), 4U * 4096 + 8U * 512);
  EXPECT_EQ(heap.outstanding(), 1U);
  const MemoryStats stats = memory.stats();
  EXPECT_TRUE(stats.audio.released);
  EXPECT_FALSE(stats.network.released);
  EXPECT_EQ(stats.audio.in_use, 0U);
  EXPECT_EQ(memory.reacquirePools(), 4U * 4096 + 8U * 512);
}

TEST_F(ReclaimablePoolTest, WhileItIsGoneItsRequestsFollowTheFallback) {
  EXPECT_EQ(memory.releaseIdlePools(), 61440U);
  Buffer block = memory.audioBuffer(100, "capture");
  ASSERT_TRUE(block);
  EXPECT_EQ(memory.stats().audio.fallbacks, 1U);
  EXPECT_EQ(memory.stats().heap.in_use, 100U);
  EXPECT_EQ(memory.reacquirePools(), 61440U);
  block.reset();
  EXPECT_EQ(memory.stats().heap.in_use, 0U);
}

TEST_F(ReclaimablePoolTest, AWaitForItDoesNotWaitWhileItIsGone) {
  EXPECT_EQ(memory.releaseIdlePools(), 61440U);
  void* block = memory.allocateAudioBuffer(100, "capture", MemoryManager::wait_forever);
  EXPECT_NE(block, nullptr) << "the heap's";
  memory.deallocate(block);
}

TEST_F(ReclaimablePoolTest, APointerIntoMemoryThatIsGoneIsRefused) {
  void* block = memory.allocateAudioBuffer(100, "capture");
  memory.deallocate(block);
  EXPECT_EQ(memory.releaseIdlePools(), 61440U);
  memory.deallocate(block);
  EXPECT_EQ(memory.stats().heap.rejected, 1U);
  memory.deallocate(nullptr);
  EXPECT_EQ(memory.stats().heap.rejected, 1U) << "nullptr is nothing, wherever the pools are";
  // As far from 0 as a block is from where its pool begins.
  for (const std::uintptr_t low : {4096U, 20480U, 512U}) memory.deallocate(reinterpret_cast<void*>(low));
  EXPECT_EQ(memory.stats().heap.rejected, 4U) << "they are foreign, and no pool's";
  EXPECT_EQ(memory.reacquirePools(), 61440U);
  std::vector<Buffer> all;
  for (int round = 0; round < 4; ++round) all.push_back(memory.audioBuffer(4096, "all"));
  EXPECT_EQ(memory.stats().audio.in_use, 4U) << "no block lost, none twice";
}

TEST_F(ReclaimablePoolTest, IsTakenAgainOnlyWithRoomToSpare) {
  EXPECT_EQ(memory.releaseIdlePools(), 61440U);
  heap.setFree(30000);
  EXPECT_EQ(memory.reacquirePools(10000), 16384U + 4096U) << "40960 for the network would leave too little";
}

TEST_F(ReclaimablePoolTest, WithoutMemoryAtSetUpItStartsAsReleased) {
  test::TestHeap empty;
  empty.setEmpty(true);
  StaticMemoryManager<config> poor(empty.heap());
  EXPECT_TRUE(poor.stats().audio.released);
  EXPECT_EQ(poor.allocateAudioBuffer(10, "a"), nullptr);
  empty.setEmpty(false);
  EXPECT_EQ(poor.reacquirePools(), 61440U);
  EXPECT_TRUE(poor.audioBuffer(10, "a"));
}

/// A run that calls the heap in every way there is; returns how often it asked for memory.
std::size_t fullRun(test::TestHeap& heap, std::size_t fail_at) {
  const std::size_t before = heap.allocations();
  heap.failAt(fail_at);
  StaticMemoryManager<config> memory(heap.heap());
  {
    std::vector<Buffer> blocks;
    for (const std::size_t size : {100U, 4096U, 5000U, 9000U, 20480U}) {
      blocks.push_back(memory.audioBuffer(size, "audio"));
      blocks.push_back(memory.networkBuffer(size, "network"));
      blocks.push_back(memory.generalBuffer(size, "general"));
    }
    std::uint64_t served = 0;
    for (const Buffer& block : blocks) served += block ? 1 : 0;
    const MemoryStats stats = memory.stats();
    EXPECT_EQ(stats.audio.allocations + stats.network.allocations + stats.general.allocations +
                  stats.heap.allocations,
              served);
    EXPECT_EQ(stats.heap.exhausted, blocks.size() - served);
    blocks.clear();
    (void)memory.releaseIdlePools();
    blocks.push_back(memory.audioBuffer(64, "while it is gone"));
    (void)memory.reacquirePools();
    (void)memory.reacquirePools();
    blocks.push_back(memory.audioBuffer(64, "again"));
  }
  test::expectAllEmpty(memory);
  heap.failAt(0);
  return heap.allocations() - before;
}

TEST_F(ReclaimablePoolTest, EveryFailureOfTheHeapIsSurvivedWithoutLeakOrMiscount) {
  const std::size_t calls = fullRun(heap, 0);
  ASSERT_GT(calls, 8U);
  for (std::size_t at = 1; at <= calls; ++at) {
    SCOPED_TRACE(at);
    fullRun(heap, at);
    EXPECT_EQ(heap.outstanding(), 3U) << "the fixture's own pools";
  }
}

TEST_F(ReclaimablePoolTest, WhileItIsGoneNoForeignPointerIsItsOwn) {
  memory.releaseIdlePools();
  memory.deallocate(reinterpret_cast<void*>(64));  // NOLINT(performance-no-int-to-ptr): nobody's
  EXPECT_EQ(memory.stats().audio.rejected, 0U);
  EXPECT_EQ(memory.stats().heap.rejected, 1U);
  memory.reacquirePools();
}

}  // namespace
}  // namespace millpond
