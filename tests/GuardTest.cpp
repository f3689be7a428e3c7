// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <chrono>
#include <thread>

#include "support/ManagerFixture.h"

namespace millpond {
namespace {

/// Remembers the guard violations it is told of.
template <MemoryConfig config>
class GuardedManager : public test::ManagerOf<config> {
 protected:
  GuardedManager() { this->memory.setObserver(&observer_); }
  void TearDown() override {
    test::ManagerOf<config>::TearDown();
    this->memory.setObserver(nullptr);
  }
  std::vector<MemoryEvent> violations;

 private:
  static void hear(void* self, const MemoryEvent& event) {
    if (event.kind == MemoryEvent::Kind::guard_violation) {
      static_cast<GuardedManager*>(self)->violations.push_back(event);
    }
  }
  MemoryObserver observer_{.notify = hear, .context = this};
};

using LightGuardTest = GuardedManager<MemoryConfig{}>;

TEST_F(LightGuardTest, SeesEachOfTheBytesAfterTheRequestAtTheFree) {
  for (const std::size_t size : {1U, 2U, 3U, 4U, 100U, 4090U, 4092U}) {
    for (std::size_t over = 0; over < 4 && size + over < 4096; ++over) {
      violations.clear();
      auto* block = static_cast<std::byte*>(memory.allocateAudioBuffer(size, "sloppy"));
      block[size + over] ^= std::byte{1};
      memory.deallocate(block);
      ASSERT_EQ(violations.size(), 1U) << size << "+" << over;
      EXPECT_EQ(violations[0].size, size + over);
      EXPECT_EQ(violations[0].pointer, block);
      EXPECT_EQ(violations[0].pool, PoolId::audio);
      EXPECT_EQ(violations[0].block, 0U);
      EXPECT_STREQ(violations[0].source, "sloppy");
    }
  }
}

TEST_F(LightGuardTest, IsContentWithAFullBlock) {
  auto* block = static_cast<std::byte*>(memory.allocateAudioBuffer(4096, "exact"));
  block[4095] = std::byte{1};
  memory.deallocate(block);
  EXPECT_EQ(memory.stats().guard_violations, 0U);
}

TEST_F(LightGuardTest, WatchesRunsOfGranules) {
  auto* run = static_cast<std::byte*>(memory.allocateGeneralBuffer(700, "json"));
  run[701] = std::byte{0};
  memory.deallocate(run);
  ASSERT_EQ(violations.size(), 1U);
  EXPECT_EQ(violations[0].size, 701U);
}

TEST_F(LightGuardTest, ValidateFindsItWhileTheBlockIsHeldWithinItsBudget) {
  auto* block = static_cast<std::byte*>(memory.allocateNetworkBuffer(100, "sloppy"));
  EXPECT_EQ(memory.validate(1000), 0U);
  block[100] ^= std::byte{1};
  std::uint32_t found = 0;
  std::uint32_t calls = 0;
  for (; found == 0; ++calls) found = memory.validate(1);
  EXPECT_LE(calls, 14U) << "4 + 2 + 8 blocks, one a call";
  EXPECT_EQ(memory.validate(13), 0U) << "the other blocks are sound";
  memory.deallocate(block);
  EXPECT_EQ(memory.stats().guard_violations, 2U) << "once by validate, once by the free";
}

TEST_F(LightGuardTest, ASecondFreeIsNoViolation) {
  auto* block = static_cast<std::byte*>(memory.allocateAudioBuffer(10, "a"));
  memory.deallocate(block);
  block[10] = std::byte{0};
  memory.deallocate(block);
  EXPECT_TRUE(violations.empty());
  EXPECT_EQ(memory.stats().audio.rejected, 1U);
}

using NoGuardTest = GuardedManager<MemoryConfig{.guards = Guards::none}>;

TEST_F(NoGuardTest, WritesNothingIntoABlock) {
  auto* block = static_cast<std::byte*>(memory.allocateAudioBuffer(4096, "a"));
  for (std::size_t at = 0; at < 4096; ++at) block[at] = std::byte{0x5A};
  memory.deallocate(block);
  EXPECT_EQ(memory.allocateAudioBuffer(10, "b"), block);
  for (std::size_t at = 0; at < 4096; ++at) ASSERT_EQ(block[at], std::byte{0x5A});
  memory.deallocate(block);
}

// It would be an event inside an event, and so on without end.
TEST_F(LightGuardTest, AnOverwrittenPayloadOfAnEventIsCountedAndNotTold) {
  struct Large {
    std::array<std::byte, 100> bytes;
  };
  EventBus bus(memory);
  ASSERT_TRUE(bus.publish(eventId(100, EventPriority::low), Large{}));
  for (const LiveBlock& block : memory.leaks()) {
    if (block.source == std::string("event")) {
      auto* behind = static_cast<std::byte*>(const_cast<void*>(block.address)) + sizeof(Large);
      *behind ^= std::byte{1};
    }
  }
  while (bus.dropped(EventPriority::low) == 0) bus.publish(eventId(101, EventPriority::high), 1);
  EXPECT_EQ(memory.stats().guard_violations, 1U);
  EXPECT_TRUE(violations.empty());
}

using FullGuardTest = GuardedManager<MemoryConfig{.guards = Guards::full}>;

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

}  // namespace
}  // namespace millpond
