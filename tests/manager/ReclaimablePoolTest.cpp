// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <array>
#include <new>

#include "support/ManagerFixture.h"

namespace millpond {
namespace {

constexpr MemoryConfig all_reclaimable{
    .audio_reclaimable = true, .network_reclaimable = true, .general_reclaimable = true};

using ReclaimablePoolTest = test::ManagerOf<all_reclaimable>;

TEST_F(ReclaimablePoolTest, LivesInTheHeapAndNotInTheArena) {
  EXPECT_EQ(heap.outstanding(), 3U);
  EXPECT_EQ(all_reclaimable.arenaBytes(), 0U);
  EXPECT_EQ(memory.poolBytes(), 61440U) << "the budget counts it all the same";
}

TEST(ReclaimablePool, LiesInTheHeapAsAlignedAsInTheArena) {
  constexpr MemoryConfig pages{.network_block_size = 20480,
                               .general_block_size = 4096,
                               .alignment = 4096,
                               .audio_reclaimable = true,
                               .network_reclaimable = true,
                               .general_reclaimable = true,
                               .available_ram = 1U << 20U,
                               .total_ram = 4U << 20U};
  test::TestHeap heap;
  StaticMemoryManager<pages> memory(heap.heap());
  for (int round = 0; round < 2; ++round) {
    for (void* block : {memory.allocateAudioBuffer(1, "a"), memory.allocateNetworkBuffer(1, "n"),
                        memory.allocateGeneralBuffer(1, "g")}) {
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % 4096, 0U);
      memory.deallocate(block);
    }
    EXPECT_EQ(memory.stats().heap.allocations, 0U) << "all were the pools'";
    EXPECT_EQ(memory.releaseIdlePools(), pages.poolBytes());
    EXPECT_EQ(memory.reacquirePools(), pages.poolBytes());
  }
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
  for (const std::uintptr_t address : {4096U, 20480U, 512U})
    memory.deallocate(reinterpret_cast<void*>(address));
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

TEST_F(ReclaimablePoolTest, IsTakenAgainFromAHeapThatIsExactlyLargeEnough) {
  EXPECT_EQ(memory.releaseIdlePools(), 61440U);
  heap.setFree(4095);
  EXPECT_EQ(memory.reacquirePools(), 0U);
  heap.setFree(4096);
  EXPECT_EQ(memory.reacquirePools(0), 4096U);
  heap.setFree(16384 + 100);
  EXPECT_EQ(memory.reacquirePools(101), 0U);
  EXPECT_EQ(memory.reacquirePools(100), 16384U);
}

TEST_F(ReclaimablePoolTest, IsNotTakenAgainWhereMoreIsToBeKeptThanAHeapCanHave) {
  EXPECT_EQ(memory.releaseIdlePools(), 61440U);
  heap.setFree(100'000);
  for (const std::size_t keep : {SIZE_MAX, SIZE_MAX - 4095, SIZE_MAX - 40959}) {
    EXPECT_EQ(memory.reacquirePools(keep), 0U) << keep;
  }
}

TEST_F(ReclaimablePoolTest, IsGivenBackAtOnceWhereItTookTooMuchOfTheLargestHole) {
  EXPECT_EQ(memory.releaseIdlePools(), 61440U);
  heap.setLargest(20'000);
  EXPECT_EQ(memory.reacquirePools(0, 20'001), 0U);
  EXPECT_EQ(heap.outstanding(), 0U);
  EXPECT_TRUE(memory.stats().audio.released);
  EXPECT_EQ(memory.reacquirePools(0, 20'000), 61440U);
}

TEST_F(ReclaimablePoolTest, StaysInTheOccupancyAsAnEmptyOne) {
  const Buffer held = memory.audioBuffer(1, "capture");
  const auto expectTheSame = [&] {
    EXPECT_EQ(memory.occupancy().held, 4096U);
    EXPECT_EQ(memory.occupancy().total, 61440U);
  };
  expectTheSame();
  EXPECT_EQ(memory.releaseIdlePools(), 40960U + 4096U);
  expectTheSame();
  EXPECT_EQ(memory.reacquirePools(), 40960U + 4096U);
  expectTheSame();
}

TEST_F(ReclaimablePoolTest, ItsHeapMayCallTheManagerWhileItMoves) {
  int calls = 0;
  heap.setOnCall([&] {
    ++calls;
    EXPECT_EQ(memory.validate(4), 0U);
    EXPECT_EQ(memory.occupancy().held, 0U);
  });
  EXPECT_EQ(memory.releaseIdlePools(), 61440U);
  EXPECT_EQ(memory.reacquirePools(), 61440U);
  heap.setOnCall(nullptr);
  EXPECT_EQ(calls, 6);
}

TEST_F(ReclaimablePoolTest, OfTwoTasksThatTakeItAgainOneDoesAndTheOtherGivesItsMemoryBack) {
  EXPECT_EQ(memory.releaseIdlePools(), 61440U);
  std::size_t other = 0;
  heap.setOnCall([&] {
    heap.setOnCall(nullptr);
    other = memory.reacquirePools();
  });
  EXPECT_EQ(memory.reacquirePools() + other, 61440U);
  EXPECT_EQ(heap.outstanding(), 3U);
}

TEST_F(ReclaimablePoolTest, AnObserverToldThatItMovedMayCallTheManager) {
  struct Looker {
    MemoryManager& memory;
    int told = 0;
  } looker{memory};
  const MemoryObserver observer{.notify =
                                    [](void* context, const MemoryEvent& event) {
                                      auto& self = *static_cast<Looker*>(context);
                                      self.told += event.kind == MemoryEvent::Kind::heap_changed;
                                      EXPECT_EQ(self.memory.validate(4), 0U);
                                    },
                                .context = &looker};
  memory.setObserver(&observer);
  EXPECT_EQ(memory.releaseIdlePools(), 61440U);
  EXPECT_EQ(memory.reacquirePools(), 61440U);
  memory.setObserver(nullptr);
  EXPECT_EQ(looker.told, 2);
}

TEST(ReclaimablePool, AHandleThatOutlivesItsManagerIsRefused) {
  using Manager = StaticMemoryManager<all_reclaimable>;
  test::TestHeap heap;
  alignas(Manager) static std::array<std::byte, sizeof(Manager)> place;  // as static storage, which stays
  auto* memory = new (place.data()) Manager(heap.heap());
  Buffer held = memory->networkBuffer(100, "session");
  memory->~Manager();
  EXPECT_EQ(heap.outstanding(), 0U);
  held.reset();
  EXPECT_EQ(memory->stats().heap.rejected, 1U);
  const Buffer late = memory->audioBuffer(100, "late");
  EXPECT_EQ(heap.outstanding(), 1U) << "no pool serves any more";
}

TEST_F(ReclaimablePoolTest, WithoutMemoryAtSetUpItStartsAsReleased) {
  test::TestHeap empty;
  empty.setEmpty(true);
  StaticMemoryManager<all_reclaimable> poor(empty.heap());
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
  StaticMemoryManager<all_reclaimable> memory(heap.heap());
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
