// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <array>
#include <string>

#include "support/ManagerFixture.h"

namespace millpond {
namespace {

constexpr MemoryConfig five_pools{
    .general_buffer_pool_size = 0,
    .more = {{{.name = "tls", .blocks = 2, .block_size = 16720},
              {.name = "objects", .kind = PoolKind::runs, .blocks = 16, .block_size = 64, .reserve = 4}}},
    .measure_requests = true};
constexpr PoolId tls = five_pools.id("tls");
constexpr PoolId objects = five_pools.id("objects");
static_assert(tls == poolIdOf(3) && objects == poolIdOf(4));
static_assert(five_pools.id("general") == PoolId::general);
static_assert(five_pools.find("nobody") == PoolId::none);
static_assert(five_pools.poolCount() == 5 && MemoryConfig{}.poolCount() == 3);

class PoolTableTest : public test::ManagerOf<five_pools> {
 protected:
  MemoryManager& any = memory;
};

TEST_F(PoolTableTest, ServesEachPoolOfTheTable) {
  const auto* const first = static_cast<std::byte*>(memory.allocate(tls, 16717, "tls"));
  const auto* const second = static_cast<std::byte*>(any.allocate(tls, 1, "tls"));
  EXPECT_EQ(second - first, 16720);
  void* const run = memory.allocate(objects, 65, "objects");
  EXPECT_EQ(memory.usableSize(run), 128U);
  EXPECT_EQ(heap.calls(), 0U);
  EXPECT_EQ(memory.stats().pool(tls).in_use, 2U);
  EXPECT_EQ(memory.stats().pool(objects).in_use, 2U);
  for (const void* block :
       {static_cast<const void*>(first), static_cast<const void*>(second), static_cast<const void*>(run)})
    memory.deallocate(const_cast<void*>(block));
}

TEST_F(PoolTableTest, NamesItsPools) {
  const MemoryStats stats = memory.stats();
  EXPECT_EQ(stats.pools, 5U);
  for (const auto& [id, name] : {std::pair{PoolId::audio, "audio"},
                                 {PoolId::general, "general"},
                                 {tls, "tls"},
                                 {objects, "objects"},
                                 {PoolId::heap, "heap"}}) {
    EXPECT_STREQ(stats.pool(id).name, name);
    EXPECT_STREQ(memory.nameOf(id), name);
  }
  EXPECT_STREQ(memory.nameOf(poolIdOf(5)), "?");
  EXPECT_STREQ(memory.nameOf(PoolId::none), "?");
}

TEST(PoolOfNoBlocks, TakesNoBlockOfTheNextPool) {
  static constexpr MemoryConfig config{.network_buffer_pool_size = 0};
  test::TestHeap heap;
  StaticMemoryManager<config> memory(heap.heap());
  MemoryManager& any = memory;
  void* const block = any.allocateNetworkBuffer(100, "uplink");
  const Buffer buffer = memory.networkBuffer(100, "uplink");
  EXPECT_EQ(memory.poolOf(block), PoolId::heap);
  EXPECT_EQ(memory.poolOf(buffer.data()), PoolId::heap);
  EXPECT_EQ(memory.freeIn(PoolId::general), config.general_buffer_pool_size);
  memory.deallocate(block);
}

TEST(PoolOfNoBlocks, TakesNothingFromTheHeap) {
  test::TestHeap heap;
  const StaticMemoryManager<MemoryConfig{.network_buffer_pool_size = 0, .network_reclaimable = true}> memory(
      heap.heap());
  EXPECT_EQ(heap.calls(), 0U);
}

TEST_F(PoolTableTest, SendsRequestsToAPoolOfNoBlocksToTheHeap) {
  void* const block = memory.allocateGeneralBuffer(100, "json");
  void* const other = any.allocateGeneralBuffer(100, "json", 10);
  EXPECT_EQ(memory.poolOf(block), PoolId::heap);
  EXPECT_EQ(memory.poolOf(other), PoolId::heap);
  EXPECT_EQ(memory.allocatePoolOnly(PoolId::general, 100, "json"), nullptr);
  const PoolStats general = memory.stats().general;
  EXPECT_EQ(general.capacity, 0U);
  EXPECT_EQ(general.oversize, 3U);
  EXPECT_EQ(general.fallbacks, 2U);
  memory.deallocate(block);
  memory.deallocate(other);
}

TEST_F(PoolTableTest, RefusesAnIdThatItDoesNotHave) {
  for (const PoolId id : {poolIdOf(5), PoolId::none, PoolId::heap}) {
    EXPECT_EQ(memory.allocate(id, 100, "lost"), nullptr);
    EXPECT_EQ(any.allocate(id, 100, "lost"), nullptr);
    EXPECT_EQ(memory.allocate(id, 100, "lost", 10), nullptr);
    EXPECT_EQ(memory.allocatePoolOnly(id, 100, "lost"), nullptr);
    EXPECT_FALSE(memory.buffer(id, 100, "lost"));
    EXPECT_EQ(memory.freeIn(id), 0U);
    EXPECT_EQ(memory.waitingFor(id), 0U);
  }
  EXPECT_EQ(memory.stats().invalid_requests, 15U);
}

TEST_F(PoolTableTest, GivesNothingButThePoolsOwnIfAskedForThePoolOnly) {
  const std::array blocks{memory.allocatePoolOnly(tls, 1, "tls"), memory.allocatePoolOnly(tls, 1, "tls", 10)};
  EXPECT_EQ(memory.allocatePoolOnly(tls, 1, "tls"), nullptr);
  EXPECT_EQ(memory.allocatePoolOnly(tls, 1, "tls", 1), nullptr);
  EXPECT_EQ(memory.allocatePoolOnly(tls, 16721, "tls"), nullptr);
  EXPECT_EQ(heap.calls(), 0U);
  const PoolStats figures = memory.stats().pool(tls);
  EXPECT_EQ(figures.exhausted, 2U);
  EXPECT_EQ(figures.oversize, 1U);
  EXPECT_EQ(figures.fallbacks, 0U);
  for (void* block : blocks) memory.deallocate(block);
}

TEST_F(PoolTableTest, KeepsAReserveInAnyPool) {
  void* const most = memory.allocatePoolOnly(objects, 12 * 64, "objects");
  ASSERT_NE(most, nullptr);
  EXPECT_EQ(memory.allocatePoolOnly(objects, 64, "objects"), nullptr);
  void* const kept = memory.allocatePoolOnly(objects, 4 * 64, "objects", 0, Access::reserved);
  EXPECT_NE(kept, nullptr);
  memory.deallocate(most);
  memory.deallocate(kept);
}

TEST_F(PoolTableTest, TellsWhetherAFreeWasAccepted) {
  void* const block = memory.allocate(tls, 100, "tls");
  void* const large = memory.allocate(tls, 20000, "tls");
  EXPECT_FALSE(memory.tryDeallocate(static_cast<std::byte*>(block) + 8));
  EXPECT_FALSE(any.tryDeallocate(&heap));
  EXPECT_TRUE(memory.tryDeallocate(block));
  EXPECT_FALSE(memory.tryDeallocate(block));
  EXPECT_FALSE(any.tryDeallocate(block));
  EXPECT_TRUE(any.tryDeallocate(large));
  EXPECT_TRUE(memory.tryDeallocate(nullptr));
}

TEST_F(PoolTableTest, KnowsWhoseAPointerIs) {
  void* const block = memory.allocate(tls, 100, "tls");
  void* const large = memory.allocate(tls, 20000, "tls");
  EXPECT_TRUE(memory.owns(block));
  EXPECT_EQ(memory.poolOf(block), tls);
  EXPECT_EQ(memory.usableSize(block), 16720U);
  EXPECT_TRUE(memory.owns(large));
  EXPECT_EQ(memory.poolOf(large), PoolId::heap);
  EXPECT_EQ(memory.usableSize(large), 20000U);
  for (const void* stranger : {static_cast<const void*>(static_cast<std::byte*>(block) + 8),
                               static_cast<const void*>(nullptr), static_cast<const void*>(&heap)}) {
    EXPECT_FALSE(memory.owns(stranger));
    EXPECT_EQ(memory.poolOf(stranger), PoolId::none);
    EXPECT_EQ(memory.usableSize(stranger), 0U);
  }
  memory.deallocate(block);
  memory.deallocate(large);
  EXPECT_FALSE(memory.owns(block));
  EXPECT_EQ(memory.poolOf(block), tls) << "the place stays the pool's";
}

TEST_F(PoolTableTest, CountsWhatIsFree) {
  EXPECT_EQ(memory.freeIn(tls), 2U);
  const Buffer block = memory.buffer(tls, 100, "tls");
  EXPECT_EQ(memory.freeIn(tls), 1U);
  EXPECT_EQ(memory.freeIn(PoolId::general), 0U);
}

TEST_F(PoolTableTest, KnowsTheLargestRequests) {
  EXPECT_EQ(memory.stats().pool(tls).largest_request, 0U);
  for (const std::size_t size : {std::size_t{100}, std::size_t{3000}, std::size_t{20}}) {
    memory.deallocate(memory.allocate(tls, size, "tls"));
    memory.deallocate(any.allocate(objects, size / 10, "objects"));
  }
  memory.deallocate(memory.allocate(tls, 20000, "tls"));
  const MemoryStats stats = memory.stats();
  EXPECT_EQ(stats.pool(tls).largest_request, 3000U);
  EXPECT_EQ(stats.pool(tls).largest_refused, 20000U);
  EXPECT_EQ(stats.pool(objects).largest_request, 300U);
  EXPECT_EQ(stats.pool(objects).largest_refused, 0U);
}

TEST(PoolTable, DoesNotMeasureRequestsUnlessAsked) {
  test::TestHeap heap;
  StaticMemoryManager<> memory(heap.heap());
  memory.deallocate(memory.allocateAudioBuffer(100, "a"));
  EXPECT_EQ(memory.stats().audio.largest_request, PoolStats::not_measured);
}

TEST_F(PoolTableTest, BeginsPeaksAnew) {
  Port::driveTicks(10);
  Buffer held = memory.buffer(tls, 1, "tls");
  {
    const Buffer second = memory.buffer(tls, 1, "tls");
    const Buffer run = memory.buffer(objects, 300, "objects");
    const Buffer large = memory.buffer(tls, 20000, "tls");
  }
  Port::driveTicks(11);
  memory.resetPeaks();
  EXPECT_EQ(memory.stats().pool(tls).peak, 1U) << "what is held counts";
  EXPECT_EQ(memory.stats().pool(objects).peak, 0U);
  EXPECT_EQ(memory.stats().heap.peak, 0U);
  held.reset();
  EXPECT_EQ(memory.stats().pool(tls).peak, 1U);
  { const Buffer run = memory.buffer(objects, 100, "objects"); }
  EXPECT_EQ(memory.stats().pool(objects).peak, 2U);
  Port::driveTicks(0);
}

TEST_F(PoolTableTest, BeginsPeaksAnewAtTickZeroToo) {
  Port::driveMicros(std::uint64_t{UINT32_MAX} << 16U);  // one tick later than that, in ticks
  ASSERT_EQ(Port::ticks(), 0U);
  memory.resetPeaks();
  { const Buffer block = memory.buffer(tls, 1, "tls"); }
  EXPECT_EQ(memory.stats().pool(tls).peak, 1U);
}

TEST(PoolTable, SaysWhatIsWrongWithIt) {
  const auto check = [](const std::array<PoolSpec, 5>& more) { return MemoryConfig{.more = more}.check(); };
  EXPECT_EQ(check({{{.name = "a", .blocks = 1, .block_size = 16}}}), ConfigError::none);
  EXPECT_EQ(check({{{.name = "a", .blocks = 0}}}), ConfigError::none);
  EXPECT_EQ(check({{{.name = PoolName(), .blocks = 1, .block_size = 16}}}), ConfigError::unnamed_pool);
  EXPECT_EQ(check({{{.name = PoolName()}, {.name = "b", .blocks = 1, .block_size = 16}}}),
            ConfigError::unnamed_pool);
  EXPECT_EQ(check({{{.name = "a"}, {.name = "a"}}}), ConfigError::duplicate_name);
  for (const char* name : {"audio", "network", "general", "heap"}) {
    PoolSpec pool;
    for (std::size_t at = 0; name[at] != '\0'; ++at) pool.name.text[at] = name[at];
    EXPECT_EQ(check({{pool}}), ConfigError::duplicate_name) << name;
  }
  EXPECT_EQ(check({{{.name = "a", .blocks = 1025, .block_size = 16}}}), ConfigError::too_many_blocks);
  EXPECT_EQ(check({{{.name = "a", .blocks = 1, .block_size = 0}}}), ConfigError::misaligned_block);
  EXPECT_EQ(check({{{.name = "a", .blocks = 1, .block_size = 20}}}), ConfigError::misaligned_block);
  EXPECT_EQ(check({{{.name = "a", .kind = PoolKind::runs, .blocks = 1, .block_size = 48}}}),
            ConfigError::granule_not_power_of_two);
  EXPECT_EQ(check({{{.name = "a", .blocks = 2, .block_size = 16, .reserve = 2}}}),
            ConfigError::reserve_too_large);
  EXPECT_EQ(check({{{.name = "a", .blocks = 0, .reserve = 1}}}), ConfigError::reserve_too_large);
}

TEST(PoolTable, LimitsTheAdrsOwnPoolsToTheShareAndAllOfThemToTheRam) {
  constexpr MemoryConfig adr;
  EXPECT_EQ(adr.checkBudget(1000), ConfigError::none);
  MemoryConfig config;
  config.more[0] = {.name = "more", .blocks = 100, .block_size = 1200};
  EXPECT_EQ(config.checkBudget(1000), ConfigError::none) << "beyond the ADR's 20 percent, within the RAM";
  config.more[0].blocks = 110;
  EXPECT_EQ(config.checkBudget(1000), ConfigError::ram_exceeded);
  config.more[0].place = Place::handedOver();
  EXPECT_EQ(config.checkBudget(1000), ConfigError::none) << "counted apart";
  EXPECT_EQ(config.placedBytes(), 132000U);
}

}  // namespace
}  // namespace millpond
