// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "millpond/MemoryManager.h"
#include "support/ManagerFixture.h"

namespace millpond {
namespace {

using test::liveBlocks;

using MemoryManagerTest = test::DefaultManager;

TEST_F(MemoryManagerTest, GivesFourAudioBlocksThenTwoFromTheNetworkPoolAndSoOn) {
  std::vector<void*> blocks;
  for (int block = 0; block < 4; ++block) blocks.push_back(memory.allocateAudioBuffer(4096, "capture"));
  for (int block = 0; block < 2; ++block) blocks.push_back(memory.allocateNetworkBuffer(20480, "uplink"));
  blocks.push_back(memory.allocateGeneralBuffer(4096, "json"));
  const MemoryStats stats = memory.stats();
  EXPECT_EQ(stats.audio.in_use, 4U);
  EXPECT_EQ(stats.network.in_use, 2U);
  EXPECT_EQ(stats.general.in_use, 8U);
  EXPECT_EQ(heap.calls(), 0U);
  for (void* block : blocks) memory.deallocate(block);
}

TEST_F(MemoryManagerTest, ReportsTheDefaultsOfTheDecisionRecord) {
  const MemoryStats stats = memory.stats();
  EXPECT_EQ(stats.audio.capacity, 4U);
  EXPECT_EQ(stats.audio.block_size, 4096U);
  EXPECT_EQ(stats.network.capacity, 2U);
  EXPECT_EQ(stats.network.block_size, 20480U);
  EXPECT_EQ(stats.general.capacity, 8U);
  EXPECT_EQ(stats.general.block_size, 512U);
  EXPECT_EQ(stats.heap.capacity, 65536U);
  EXPECT_STREQ(stats.audio.name, "audio");
  EXPECT_STREQ(stats.network.name, "network");
  EXPECT_STREQ(stats.general.name, "general");
  EXPECT_STREQ(stats.heap.name, "heap");
}

TEST_F(MemoryManagerTest, RefusesASizeOfZeroAndCountsIt) {
  EXPECT_EQ(memory.allocateAudioBuffer(0, "a"), nullptr);
  EXPECT_EQ(memory.allocateNetworkBuffer(0, "b"), nullptr);
  EXPECT_EQ(memory.allocateGeneralBuffer(0, nullptr), nullptr);
  const MemoryStats stats = memory.stats();
  EXPECT_EQ(stats.invalid_requests, 3U);
  EXPECT_EQ(stats.audio.exhausted + stats.audio.oversize + stats.heap.exhausted, 0U);
  EXPECT_EQ(heap.calls(), 0U);
}

TEST_F(MemoryManagerTest, RefusesSizesNearTheLargestAndCountsThem) {
  for (const std::size_t size : {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 511, SIZE_MAX / 2 + 1,
                                 std::size_t{UINT32_MAX}, std::size_t{UINT32_MAX} + 1}) {
    EXPECT_EQ(memory.allocateAudioBuffer(size, "a"), nullptr);
    EXPECT_EQ(memory.allocateNetworkBuffer(size, "a"), nullptr);
    EXPECT_EQ(memory.allocateGeneralBuffer(size, "a"), nullptr);
  }
  const MemoryStats stats = memory.stats();
  EXPECT_EQ(stats.audio.oversize, 6U);
  EXPECT_EQ(stats.network.oversize, 6U);
  EXPECT_EQ(stats.general.oversize, 6U);
  EXPECT_EQ(stats.heap.exhausted, 18U);
  EXPECT_EQ(heap.calls(), 0U);
}

TEST_F(MemoryManagerTest, ShowsANullSourceAsAQuestionMark) {
  void* pooled = memory.allocateAudioBuffer(1, nullptr);
  void* fallen = memory.allocateAudioBuffer(5000, nullptr);
  for (const LiveBlock& block : memory.leaks()) EXPECT_STREQ(block.source, "?");
  memory.deallocate(pooled);
  memory.deallocate(fallen);
}

TEST_F(MemoryManagerTest, FreeingNullDoesNothing) {
  memory.deallocate(nullptr);
  const MemoryStats stats = memory.stats();
  EXPECT_EQ(stats.audio.rejected + stats.network.rejected + stats.general.rejected + stats.heap.rejected, 0U);
}

TEST_F(MemoryManagerTest, AnExhaustedPoolFallsBackToTheHeapAndCountsIt) {
  std::vector<void*> blocks;
  for (int block = 0; block < 5; ++block) blocks.push_back(memory.allocateAudioBuffer(4096, "capture"));
  const MemoryStats stats = memory.stats();
  EXPECT_NE(blocks.back(), nullptr);
  EXPECT_EQ(stats.audio.exhausted, 1U);
  EXPECT_EQ(stats.audio.fallbacks, 1U);
  EXPECT_EQ(stats.audio.allocations, 4U) << "what the heap served is not counted twice";
  EXPECT_EQ(stats.heap.allocations, 1U);
  EXPECT_EQ(stats.heap.in_use, 4096U);
  for (void* block : blocks) memory.deallocate(block);
  EXPECT_EQ(memory.stats().heap.frees, 1U);
  EXPECT_EQ(heap.outstanding(), 0U);
}

TEST_F(MemoryManagerTest, ATooLargeRequestFallsBackToTheHeapAndIsNoExhaustion) {
  void* block = memory.allocateAudioBuffer(4097, "capture");
  const MemoryStats stats = memory.stats();
  EXPECT_EQ(stats.audio.oversize, 1U);
  EXPECT_EQ(stats.audio.exhausted, 0U);
  EXPECT_EQ(stats.audio.fallbacks, 1U);
  EXPECT_EQ(stats.heap.in_use, 4097U);
  memory.deallocate(block);
}

TEST_F(MemoryManagerTest, TheFallbackIsCappedOverAllPoolsTogether) {
  void* audio = memory.allocateAudioBuffer(30'000, "a");
  void* network = memory.allocateNetworkBuffer(30'000, "n");
  EXPECT_EQ(memory.allocateGeneralBuffer(5537, "g"), nullptr);
  void* general = memory.allocateGeneralBuffer(5536, "g");
  ASSERT_NE(general, nullptr) << "65536 bytes to the byte";
  EXPECT_EQ(memory.allocateGeneralBuffer(4097, "g"), nullptr);
  const MemoryStats stats = memory.stats();
  EXPECT_EQ(stats.heap.in_use, 65536U);
  EXPECT_EQ(stats.heap.peak, 65536U);
  EXPECT_EQ(stats.heap.exhausted, 2U);
  EXPECT_EQ(stats.general.fallbacks, 1U);
  EXPECT_EQ(stats.general.oversize, 3U);
  for (void* block : {audio, network, general}) memory.deallocate(block);
}

TEST_F(MemoryManagerTest, AFullAudioPoolTakesNothingFromTheOtherPools) {
  std::vector<void*> blocks;
  while (void* block = memory.allocateAudioBuffer(4096, "greedy")) blocks.push_back(block);
  void* network = memory.allocateNetworkBuffer(20480, "uplink");
  void* general = memory.allocateGeneralBuffer(4096, "json");
  const MemoryStats stats = memory.stats();
  EXPECT_EQ(stats.network.allocations, 1U);
  EXPECT_EQ(stats.general.allocations, 1U);
  EXPECT_EQ(stats.network.fallbacks + stats.general.fallbacks, 0U);
  for (void* block : blocks) memory.deallocate(block);
  memory.deallocate(network);
  memory.deallocate(general);
}

TEST_F(MemoryManagerTest, FindsThePoolOfEachPointerByItself) {
  void* audio = memory.allocateAudioBuffer(1, "a");
  void* network = memory.allocateNetworkBuffer(1, "n");
  void* general = memory.allocateGeneralBuffer(1, "g");
  void* fallen = memory.allocateAudioBuffer(5000, "h");
  memory.deallocate(network);
  EXPECT_EQ(memory.stats().network.frees, 1U);
  memory.deallocate(fallen);
  EXPECT_EQ(memory.stats().heap.frees, 1U);
  memory.deallocate(general);
  EXPECT_EQ(memory.stats().general.frees, 1U);
  memory.deallocate(audio);
  EXPECT_EQ(memory.stats().audio.frees, 1U);
}

TEST_F(MemoryManagerTest, ASecondFreeIsRejectedByThePoolItLiesInAndWrapsNoCounter) {
  void* audio = memory.allocateAudioBuffer(1, "a");
  void* network = memory.allocateNetworkBuffer(1, "n");
  void* general = memory.allocateGeneralBuffer(600, "g");
  void* fallen = memory.allocateAudioBuffer(5000, "h");
  for (int round = 0; round < 3; ++round) {
    for (void* block : {audio, network, general, fallen}) memory.deallocate(block);
  }
  const MemoryStats stats = memory.stats();
  for (const PoolStats& pool : {stats.audio, stats.network, stats.general, stats.heap}) {
    EXPECT_EQ(pool.rejected, 2U) << pool.name;
    EXPECT_EQ(pool.in_use, 0U) << pool.name;
    EXPECT_EQ(pool.frees, 1U) << pool.name;
  }
}

TEST_F(MemoryManagerTest, InteriorFreesAreRejectedByThePoolTheyLieIn) {
  auto* audio = static_cast<std::byte*>(memory.allocateAudioBuffer(4096, "a"));
  auto* network = static_cast<std::byte*>(memory.allocateNetworkBuffer(4096, "n"));
  auto* general = static_cast<std::byte*>(memory.allocateGeneralBuffer(1024, "g"));
  auto* fallen = static_cast<std::byte*>(memory.allocateAudioBuffer(5000, "h"));
  for (const std::size_t offset : {1U, 8U, 16U, 512U, 513U}) {
    memory.deallocate(audio + offset);
    memory.deallocate(network + offset);
    memory.deallocate(general + offset);
    memory.deallocate(fallen + offset);
  }
  const MemoryStats stats = memory.stats();
  for (const PoolStats& pool : {stats.audio, stats.network, stats.general, stats.heap}) {
    EXPECT_EQ(pool.rejected, 5U) << pool.name;
    EXPECT_EQ(pool.frees, 0U) << pool.name;
  }
  for (std::byte* block : {audio, network, general, fallen}) memory.deallocate(block);
}

TEST_F(MemoryManagerTest, ForeignFreesAreRejectedByTheHeapWithoutBeingReadThrough) {
  int foreign = 0;
  memory.deallocate(&foreign);
  memory.deallocate(reinterpret_cast<void*>(std::uintptr_t{1}));
  memory.deallocate(reinterpret_cast<void*>(~std::uintptr_t{0}));
  EXPECT_EQ(memory.stats().heap.rejected, 3U);
  EXPECT_EQ(heap.calls(), 0U);
}

TEST_F(MemoryManagerTest, AnInterruptIsServedFromThePoolsButNeverFromTheHeap) {
  void* block = nullptr;
  void* fallen = memory.allocateAudioBuffer(5000, "task");
  const std::size_t calls = heap.calls();
  {
    const Port::InterruptScope in_interrupt;
    block = memory.allocateAudioBuffer(4096, "isr");
    EXPECT_EQ(memory.allocateAudioBuffer(5000, "isr"), nullptr);
    memory.deallocate(fallen);
    memory.deallocate(block);
  }
  EXPECT_NE(block, nullptr);
  EXPECT_EQ(heap.calls(), calls);
  EXPECT_EQ(memory.stats().heap.in_use, 5000U);
  EXPECT_EQ(memory.releaseFreed(), 5000U);
}

TEST_F(MemoryManagerTest, TellsThatTheHeapChangedWhenItDid) {
  std::vector<std::size_t> heap_in_use;
  std::pair<MemoryManager*, std::vector<std::size_t>*> heard{&memory, &heap_in_use};
  const MemoryObserver observer{.notify =
                                    [](void* context, const MemoryEvent& event) {
                                      if (event.kind != MemoryEvent::Kind::heap_changed) return;
                                      auto& [manager, in_use] = *static_cast<decltype(heard)*>(context);
                                      in_use->push_back(manager->stats().heap.in_use);
                                    },
                                .context = &heard};
  memory.setObserver(&observer);
  std::array<void*, 3> fallen{};
  for (void*& block : fallen) block = memory.allocateAudioBuffer(5000, "task");
  memory.deallocate(fallen[0]);
  EXPECT_EQ(heap_in_use, (std::vector<std::size_t>{10000}));
  {
    const Port::InterruptScope in_interrupt;
    memory.deallocate(fallen[1]);
    memory.deallocate(fallen[2]);
  }
  EXPECT_EQ(heap_in_use.size(), 1U) << "the heap does not have it back yet";
  EXPECT_EQ(memory.releaseFreed(), 10000U);
  EXPECT_EQ(heap_in_use, (std::vector<std::size_t>{10000, 0}));
  EXPECT_EQ(memory.releaseFreed(), 0U);
  EXPECT_EQ(heap_in_use.size(), 2U);
  memory.setObserver(nullptr);
}

TEST_F(MemoryManagerTest, TellsBytesAskedForFromBytesGranted) {
  void* audio = memory.allocateAudioBuffer(1000, "a");
  void* general = memory.allocateGeneralBuffer(700, "g");
  void* fallen = memory.allocateAudioBuffer(5000, "h");
  const MemoryStats stats = memory.stats();
  EXPECT_EQ(stats.audio.bytes_requested, 1000U);
  EXPECT_EQ(stats.audio.bytes_granted, 4096U);
  EXPECT_EQ(stats.general.bytes_requested, 700U);
  EXPECT_EQ(stats.general.bytes_granted, 1024U);
  EXPECT_EQ(stats.general.in_use, 2U);
  EXPECT_EQ(stats.heap.bytes_requested, 5000U);
  EXPECT_EQ(stats.heap.bytes_granted, 5000U);
  for (void* block : {audio, general, fallen}) memory.deallocate(block);
}

TEST_F(MemoryManagerTest, RemembersThePeakOfEachPool) {
  std::vector<void*> blocks;
  for (int block = 0; block < 3; ++block) blocks.push_back(memory.allocateAudioBuffer(1, "a"));
  blocks.push_back(memory.allocateGeneralBuffer(1500, "g"));
  for (void* block : blocks) memory.deallocate(block);
  void* one = memory.allocateAudioBuffer(1, "a");
  memory.deallocate(one);
  EXPECT_EQ(memory.stats().audio.peak, 3U);
  EXPECT_EQ(memory.stats().general.peak, 3U);
  EXPECT_EQ(memory.stats().network.peak, 0U);
}

TEST_F(MemoryManagerTest, SumsUpWhatEachSourceHolds) {
  const char spelled_alike[] = "capture";
  Port::driveTicks(1000);
  std::vector<void*> blocks{
      memory.allocateAudioBuffer(100, "capture"), memory.allocateGeneralBuffer(700, spelled_alike),
      memory.allocateNetworkBuffer(5, "uplink"), memory.allocateAudioBuffer(9, nullptr)};
  Port::driveTicks(1100);
  std::array<SourceStats, 8> rows;
  ASSERT_EQ(memory.statsBySource(rows), 3U);
  EXPECT_STREQ(rows[0].source, "capture");
  EXPECT_EQ(rows[0].blocks, 2U);
  EXPECT_EQ(rows[0].bytes_requested, 800U);
  EXPECT_EQ(rows[0].bytes_granted, 4096U + 1024U);
  EXPECT_EQ(rows[0].oldest_ms, 6553U);
  EXPECT_STREQ(rows[1].source, "?");
  EXPECT_STREQ(rows[2].source, "uplink");
  for (void* block : blocks) memory.deallocate(block);
  EXPECT_EQ(memory.statsBySource(rows), 0U);
}

TEST_F(MemoryManagerTest, SumsUpTheSourcesThatDoNotFitInTheLastRow) {
  std::vector<void*> blocks;
  for (const char* source : {"a", "b", "c", "b"}) blocks.push_back(memory.allocateAudioBuffer(10, source));
  std::array<SourceStats, 2> rows;
  EXPECT_EQ(memory.statsBySource(rows), 2U);
  EXPECT_STREQ(rows[0].source, "a");
  EXPECT_EQ(rows[0].blocks, 1U);
  EXPECT_STREQ(rows[1].source, "(others)");
  EXPECT_EQ(rows[1].blocks, 3U);
  EXPECT_EQ(rows[1].bytes_requested, 30U);
  EXPECT_EQ(memory.statsBySource({}), 0U);
  for (void* block : blocks) memory.deallocate(block);
}

struct Heard {
  std::vector<MemoryEvent> events;
  MemoryObserver observer{
      .notify = [](void* context,
                   const MemoryEvent& event) { static_cast<Heard*>(context)->events.push_back(event); },
      .context = this};
};

TEST_F(MemoryManagerTest, TellsTheObserverOfAnExhaustionAndItsFallback) {
  Heard heard;
  std::vector<void*> blocks;
  for (int block = 0; block < 4; ++block) blocks.push_back(memory.allocateAudioBuffer(4096, "capture"));
  memory.setObserver(&heard.observer);
  blocks.push_back(memory.allocateAudioBuffer(123, "capture"));
  ASSERT_EQ(heard.events.size(), 2U);
  EXPECT_EQ(heard.events[0].kind, MemoryEvent::Kind::exhausted);
  EXPECT_EQ(heard.events[1].kind, MemoryEvent::Kind::fallback);
  EXPECT_EQ(heard.events[1].pool, PoolId::audio);
  EXPECT_STREQ(heard.events[1].source, "capture");
  EXPECT_EQ(heard.events[1].size, 123U);
  for (void* block : blocks) memory.deallocate(block);
}

TEST_F(MemoryManagerTest, TellsTheObserverWhoHeldOrLastHeldARejectedPointer) {
  Heard heard;
  memory.setObserver(&heard.observer);
  auto* run = static_cast<std::byte*>(memory.allocateGeneralBuffer(1500, "json"));
  memory.deallocate(run + 1100);
  memory.deallocate(run);
  memory.deallocate(run);
  memory.deallocate(&heard);
  ASSERT_EQ(heard.events.size(), 3U);
  for (const MemoryEvent& event : heard.events) EXPECT_EQ(event.kind, MemoryEvent::Kind::rejected_free);
  EXPECT_STREQ(heard.events[0].source, "json");
  EXPECT_EQ(heard.events[0].pointer, run + 1100);
  EXPECT_EQ(heard.events[0].pool, PoolId::general);
  EXPECT_STREQ(heard.events[1].source, "json");
  EXPECT_STREQ(heard.events[2].source, "?");
  EXPECT_EQ(heard.events[2].pool, PoolId::heap);
}

TEST_F(MemoryManagerTest, TellsTheObserverOfARefusalAndOfARequestWithoutSize) {
  Heard heard;
  memory.setObserver(&heard.observer);
  EXPECT_EQ(memory.allocateNetworkBuffer(70'000, "n"), nullptr);
  EXPECT_EQ(memory.allocateNetworkBuffer(0, "n"), nullptr);
  ASSERT_EQ(heard.events.size(), 3U);
  EXPECT_EQ(heard.events[0].kind, MemoryEvent::Kind::oversize);
  EXPECT_EQ(heard.events[1].kind, MemoryEvent::Kind::refused);
  EXPECT_EQ(heard.events[2].kind, MemoryEvent::Kind::invalid);
}

TEST_F(MemoryManagerTest, TellsTheObserverOfAFreeToTheHeapAndOfNoOtherFree) {
  Heard heard;
  void* pooled = memory.allocateAudioBuffer(100, "a");
  void* large = memory.allocateAudioBuffer(5000, "a");
  memory.setObserver(&heard.observer);
  memory.deallocate(pooled);
  EXPECT_TRUE(heard.events.empty());
  memory.deallocate(large);
  ASSERT_EQ(heard.events.size(), 1U);
  EXPECT_EQ(heard.events[0].kind, MemoryEvent::Kind::heap_changed);
  EXPECT_EQ(heard.events[0].pool, PoolId::heap);
}

TEST_F(MemoryManagerTest, KeepsItsObserverUntilThatEnds) {
  Heard first;
  Heard second;
  EXPECT_TRUE(memory.setObserver(&first.observer));
  EXPECT_TRUE(memory.setObserver(&first.observer)) << "it is told already";
  EXPECT_FALSE(memory.setObserver(&second.observer));
  memory.deallocate(&first);
  EXPECT_EQ(first.events.size(), 1U);
  EXPECT_TRUE(second.events.empty());
  EXPECT_TRUE(memory.setObserver(nullptr));
  EXPECT_TRUE(memory.setObserver(&second.observer));
  memory.deallocate(&first);
  EXPECT_EQ(first.events.size(), 1U);
  EXPECT_EQ(second.events.size(), 1U);
}

TEST_F(MemoryManagerTest, AnObserverMayCallTheManagerItself) {
  struct Caller {
    MemoryManager& memory;
    int told = 0;
  } caller{memory};
  const MemoryObserver observer{.notify =
                                    [](void* context, const MemoryEvent& event) {
                                      auto& self = *static_cast<Caller*>(context);
                                      if (event.kind != MemoryEvent::Kind::rejected_free) return;
                                      ++self.told;
                                      self.memory.deallocate(self.memory.allocateAudioBuffer(10, "observer"));
                                    },
                                .context = &caller};
  memory.setObserver(&observer);
  memory.deallocate(&caller);
  EXPECT_EQ(caller.told, 1);
  EXPECT_EQ(memory.stats().audio.frees, 1U);
}

using SmallConfig = test::ManagerOf<MemoryConfig{.audio_buffer_pool_size = 1,
                                                 .network_buffer_pool_size = 1,
                                                 .general_buffer_pool_size = 1,
                                                 .max_heap_allocation = 0,
                                                 .audio_block_size = 16,
                                                 .network_block_size = 16,
                                                 .general_block_size = 16,
                                                 .max_heap_blocks = 1}>;
class SmallestManager : public SmallConfig {};

TEST_F(SmallestManager, WithoutAFallbackEveryOverflowIsRefused) {
  void* only = memory.allocateAudioBuffer(16, "a");
  ASSERT_NE(only, nullptr);
  EXPECT_EQ(memory.allocateAudioBuffer(16, "a"), nullptr);
  EXPECT_EQ(memory.allocateAudioBuffer(17, "a"), nullptr);
  EXPECT_EQ(heap.calls(), 0U);
  EXPECT_EQ(memory.stats().heap.exhausted, 2U);
  memory.deallocate(only);
}

TEST_F(SmallestManager, AdjacentPoolsDoNotServeEachOthersBlocks) {
  void* audio = memory.allocateAudioBuffer(16, "a");
  // One past the audio pool is the network pool's first block, which is free.
  memory.deallocate(static_cast<std::byte*>(audio) + 16);
  EXPECT_EQ(memory.stats().network.rejected, 1U);
  EXPECT_EQ(memory.stats().audio.rejected, 0U);
  EXPECT_EQ(memory.stats().audio.in_use, 1U);
  memory.deallocate(audio);
}

using QueriesTest = test::ManagerOf<MemoryConfig{
    .more = {{{.name = "objects", .kind = PoolKind::runs, .blocks = 40, .block_size = 64, .reserve = 10}}}}>;

TEST_F(QueriesTest, FindsAPoolByItsNameAtRunTime) {
  EXPECT_EQ(memory.find("audio"), PoolId::audio);
  EXPECT_EQ(memory.find("objects"), poolIdOf(3));
  EXPECT_EQ(memory.find("object"), PoolId::none);
  EXPECT_EQ(memory.find(""), PoolId::none);
}

TEST_F(QueriesTest, TellsTheLargestRequestThatAnOrdinaryCallerCouldEverGet) {
  EXPECT_EQ(memory.maxRequest(PoolId::network), 20480U);
  EXPECT_EQ(memory.maxRequest(memory.find("objects")), 30U * 64);
  EXPECT_EQ(memory.maxRequest(poolIdOf(7)), 0U);
  EXPECT_EQ(memory.maxRequest(PoolId::heap), 0U);
}

TEST_F(QueriesTest, TellsTheAlignmentOfEveryBlock) {
  EXPECT_EQ(memory.alignment(), MemoryConfig{}.alignment);
}

}  // namespace
}  // namespace millpond
