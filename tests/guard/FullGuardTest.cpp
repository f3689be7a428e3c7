// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "support/GuardedManager.h"
#include "support/RequestGenerator.h"

namespace millpond {
namespace {

using FullGuardTest = test::GuardedManager<MemoryConfig{.guards = Guards::full}>;

TEST_F(FullGuardTest, AFreedBlockRestsWhileOthersAreFree) {
  void* block = memory.allocateAudioBuffer(10, "a");
  memory.deallocate(block);
  void* next = memory.allocateAudioBuffer(10, "b");
  EXPECT_NE(next, block);
  memory.deallocate(next);
}

TEST_F(FullGuardTest, RestNeverCostsCapacity) {
  for (int round = 0; round < 10; ++round) {
    std::vector<Buffer> all;
    for (int block = 0; block < 4; ++block) all.push_back(memory.audioBuffer(4096, "all"));
    for (const Buffer& block : all) ASSERT_TRUE(block);
  }
  EXPECT_EQ(memory.stats().heap.allocations, 0U);
}

TEST_F(FullGuardTest, AWriteAfterTheFreeIsSeenAtTheNextAllocation) {
  auto* block = static_cast<std::byte*>(memory.allocateAudioBuffer(4096, "late"));
  memory.deallocate(block);
  block[1234] = std::byte{1};
  std::vector<Buffer> all;
  for (int round = 0; round < 4; ++round) all.push_back(memory.audioBuffer(10, "next"));
  ASSERT_EQ(violations.size(), 1U);
  EXPECT_EQ(violations[0].size, 1234U);
  EXPECT_EQ(violations[0].pointer, block);
  EXPECT_STREQ(violations[0].source, "late");
}

TEST_F(FullGuardTest, ASecondFreeOfARestingBlockIsRefused) {
  void* block = memory.allocateGeneralBuffer(600, "a");
  memory.deallocate(block);
  memory.deallocate(block);
  EXPECT_EQ(memory.stats().general.rejected, 1U);
  EXPECT_EQ(memory.stats().general.in_use, 0U);
}

TEST_F(FullGuardTest, AFreedBlockIsPoisonedAgainFromItsFrontToTheNextOne) {
  auto* block = static_cast<std::byte*>(memory.allocateAudioBuffer(4096, "a"));
  std::fill_n(block, 4096, std::byte{0});
  memory.deallocate(block);
  const auto poisoned = [](std::byte byte) { return byte == guard::poison_byte; };
  EXPECT_TRUE(std::all_of(block - guard::front, block + 4096 + 12, poisoned));
}

TEST_F(FullGuardTest, AFreedRunIsPoisonedAgain) {
  for (const std::size_t size : {std::size_t{600}, std::size_t{2000}, std::size_t{1}, std::size_t{4000}}) {
    auto* run = static_cast<std::byte*>(memory.allocateGeneralBuffer(size, "a"));
    std::fill_n(run, size, std::byte{0});
    memory.deallocate(run);
  }
  EXPECT_TRUE(violations.empty()) << "what lay between the granules of a run is poison where one begins";
}

TEST_F(FullGuardTest, AWriteBesideAFreeBlockIsSeenAtTheNextAllocation) {
  auto* block = static_cast<std::byte*>(memory.allocateAudioBuffer(4096, "late"));
  memory.deallocate(block);
  block[-3] = std::byte{1};
  for (int round = 0; round < 5; ++round) memory.deallocate(memory.allocateAudioBuffer(10, "next"));
  ASSERT_EQ(violations.size(), 1U);
  EXPECT_EQ(static_cast<std::ptrdiff_t>(violations[0].size), -3);
}

TEST_F(FullGuardTest, SeesWhatTheLowerTiersSee) {
  auto* block = static_cast<std::byte*>(memory.allocateAudioBuffer(4096, "sloppy"));
  block[4096] ^= std::byte{1};
  EXPECT_EQ(memory.validate(100), 1U);
  memory.deallocate(block);
  auto* other = static_cast<std::byte*>(memory.allocateAudioBuffer(10, "sloppy"));
  other[10] ^= std::byte{1};
  memory.deallocate(other);
  auto* run = static_cast<std::byte*>(memory.allocateGeneralBuffer(10, "sloppy"));
  run[-1] ^= std::byte{1};
  memory.deallocate(run);
  ASSERT_EQ(violations.size(), 4U);
  EXPECT_EQ(violations[1].size, 4096U);
  EXPECT_EQ(violations[2].size, 10U);
  EXPECT_EQ(static_cast<std::ptrdiff_t>(violations[3].size), -1);
}

TEST_F(FullGuardTest, ValidateReportsNoRestingBlock) {
  auto* block = static_cast<std::byte*>(memory.allocateAudioBuffer(10, "a"));
  auto* run = static_cast<std::byte*>(memory.allocateGeneralBuffer(10, "a"));
  memory.deallocate(block);
  memory.deallocate(run);
  const Buffer other = memory.audioBuffer(10, "b");
  EXPECT_NE(other.data(), block) << "it rests";
  EXPECT_EQ(memory.validate(100), 0U);
  EXPECT_TRUE(violations.empty());
}

TEST_F(FullGuardTest, WhoWaitsGetsBlocksThatRest) {
  for (int block = 0; block < 4; ++block) memory.deallocate(memory.allocateAudioBuffer(10, "before"));
  const Buffer first = memory.audioBuffer(10, "holder");
  void* waited = memory.allocateAudioBuffer(10, "waiter", MemoryManager::wait_forever);
  EXPECT_NE(waited, nullptr);
  memory.deallocate(waited);
}

TEST_F(FullGuardTest, ABlockFreedWhileSomebodyWaitsDoesNotRest) {
  std::vector<void*> all;
  for (int block = 0; block < 4; ++block) all.push_back(memory.allocateAudioBuffer(10, "holder"));
  void* waited = nullptr;
  std::thread waiter([&] { waited = memory.allocateAudioBuffer(10, "waiter", MemoryManager::wait_forever); });
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  for (void* block : all) memory.deallocate(block);
  waiter.join();
  EXPECT_NE(waited, nullptr);
  memory.deallocate(waited);
}

constexpr MemoryConfig spare{.audio_buffer_pool_size = 9, .audio_block_size = 64, .guards = Guards::full};
using RestTest = test::GuardedManager<spare>;

TEST_F(RestTest, TheLastFourFreedBlocksRest) {
  std::vector<void*> blocks;
  for (int block = 0; block < 5; ++block) blocks.push_back(memory.allocateAudioBuffer(10, "a"));
  for (std::size_t block = 0; block < 4; ++block) memory.deallocate(blocks[block]);
  std::vector<void*> others;
  for (int block = 0; block < 3; ++block) others.push_back(memory.allocateAudioBuffer(10, "b"));
  for (void* other : others) EXPECT_EQ(std::ranges::find(blocks, other), blocks.end());
  memory.deallocate(blocks[4]);
  EXPECT_EQ(memory.allocateAudioBuffer(10, "c"), blocks[0]) << "whose rest the fifth ends";
  EXPECT_EQ(memory.occupancy().held, 4 * (64 + spare.fence())) << "the four that rest are nobody's";
  memory.deallocate(blocks[0]);
  for (void* other : others) memory.deallocate(other);
}

// Of every pool and size, in any order, each block written to its last byte.
template <MemoryConfig config>
void expectNoViolationByCleanUse() {
  const auto memory = std::make_unique<StaticMemoryManager<config>>();
  test::RequestGenerator requests(config, 5);
  std::vector<Buffer> held;
  for (int round = 0; round < 3000; ++round) {
    const test::Request request = requests.next();
    const std::size_t size = request.size % 4000 + 1;
    if (request.action != test::Action::allocate) {
      if (!held.empty()) held.erase(held.begin() + request.pick % held.size());
      continue;
    }
    Buffer block = request.pool == PoolId::audio     ? memory->audioBuffer(size, "user")
                   : request.pool == PoolId::network ? memory->networkBuffer(size, "user")
                                                     : memory->generalBuffer(size, "user");
    if (!block) continue;
    std::ranges::fill(block.bytes(), static_cast<std::byte>(round));
    held.push_back(std::move(block));
    if (round % 16 == 0) {
      ASSERT_EQ(memory->validate(1000), 0U);
    }
  }
  EXPECT_EQ(memory->validate(1000), 0U);
  held.clear();
  EXPECT_EQ(memory->stats().guard_violations, 0U);
  test::expectAllEmpty(*memory);
}

TEST(Guards, CleanUseMakesNoViolationOfAnyTier) {
  expectNoViolationByCleanUse<MemoryConfig{}>();
  expectNoViolationByCleanUse<MemoryConfig{.guards = Guards::fenced}>();
  expectNoViolationByCleanUse<MemoryConfig{.guards = Guards::full}>();
  expectNoViolationByCleanUse<MemoryConfig{.general_buffer_pool_size = 70,
                                           .general_block_size = 64,
                                           .alignment = 8,
                                           .guards = Guards::full,
                                           .general_reclaimable = true}>();
}

}  // namespace
}  // namespace millpond
