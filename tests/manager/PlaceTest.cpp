// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <array>
#include <cstdint>

#include "support/ManagerFixture.h"

namespace millpond {
namespace {

alignas(16) std::byte array_memory[2 * 64];

constexpr MemoryConfig placed{
    .more = {{{.name = "array", .blocks = 2, .block_size = 64, .place = Place::in(array_memory)},
              {.name = "given", .blocks = 2, .block_size = 64, .place = Place::handedOver()},
              {.name = "heap runs",
               .kind = PoolKind::runs,
               .blocks = 4,
               .block_size = 64,
               .place = Place::heap()},
              {.name = "dma", .blocks = 1, .block_size = 64, .place = Place::heap(7)}}},
    .general_place = Place::handedOver()};
constexpr PoolId array = placed.id("array");
constexpr PoolId handed_over = placed.id("given");
constexpr PoolId heap_runs = placed.id("heap runs");
constexpr PoolId dma = placed.id("dma");

using PlaceTest = test::ManagerOf<placed>;

TEST_F(PlaceTest, LiesInAnArrayOfTheProgram) {
  const std::array blocks{memory.allocate(array, 64, "a"), memory.allocate(array, 64, "a")};
  EXPECT_EQ(blocks[0], array_memory);
  EXPECT_EQ(blocks[1], array_memory + 64);
  EXPECT_EQ(memory.allocatePoolOnly(array, 64, "a"), nullptr);
  for (void* block : blocks) memory.deallocate(block);
  EXPECT_EQ(memory.stats().pool(array).in_use, 0U);
}

TEST_F(PlaceTest, ServesNobodyUntilItsMemoryIsHandedOver) {
  EXPECT_TRUE(memory.stats().pool(handed_over).released);
  EXPECT_EQ(memory.allocatePoolOnly(handed_over, 1, "g"), nullptr);
  alignas(16) static std::array<std::byte, 128> region;
  EXPECT_EQ(memory.handOver(handed_over, region), HandOver::accepted);
  const std::array blocks{memory.allocate(handed_over, 64, "g"), memory.allocate(handed_over, 64, "g")};
  EXPECT_EQ(blocks[0], region.data());
  EXPECT_EQ(blocks[1], region.data() + 64);
  for (void* block : blocks) EXPECT_TRUE(memory.tryDeallocate(block));
}

TEST_F(PlaceTest, SaysWhyMemoryIsNotTaken) {
  alignas(16) static std::array<std::byte, 144> region;
  const std::span<std::byte> memory_of_it(region);
  EXPECT_EQ(memory.handOver(poolIdOf(7), region), HandOver::no_such_pool);
  EXPECT_EQ(memory.handOver(PoolId::audio, region), HandOver::not_expected);
  EXPECT_EQ(memory.handOver(heap_runs, region), HandOver::not_expected);
  EXPECT_EQ(memory.handOver(handed_over, memory_of_it.subspan(8)), HandOver::misaligned);
  EXPECT_EQ(memory.handOver(handed_over, memory_of_it.first(127)), HandOver::too_small);
  EXPECT_EQ(memory.handOver(handed_over, std::span(array_memory)), HandOver::overlaps);
  EXPECT_TRUE(memory.stats().pool(handed_over).released);
  EXPECT_EQ(memory.handOver(handed_over, region), HandOver::accepted);
  EXPECT_EQ(memory.handOver(handed_over, region), HandOver::not_expected) << "it has its memory";
}

TEST_F(PlaceTest, GoesBackToTheHeapAndComesAgain) {
  EXPECT_FALSE(memory.stats().pool(heap_runs).released);
  EXPECT_EQ(memory.releaseIdlePools(), 4U * 64U);
  EXPECT_EQ(memory.allocatePoolOnly(heap_runs, 64, "h"), nullptr);
  EXPECT_EQ(memory.reacquirePools(), 4U * 64U);
  void* const run = memory.allocatePoolOnly(heap_runs, 200, "h");
  EXPECT_EQ(memory.usableSize(run), 256U);
  memory.deallocate(run);
}

TEST_F(PlaceTest, HasNoMemoryFromAHeapWithoutTheCapability) {
  EXPECT_TRUE(memory.stats().pool(dma).released);
  EXPECT_EQ(memory.allocatePoolOnly(dma, 64, "d"), nullptr);
}

TEST_F(PlaceTest, CountsWhatLiesElsewhereApart) {
  EXPECT_EQ(placed.placedBytes(), 2U * 64 + 2U * 64 + 8U * 512);
  EXPECT_EQ(memory.poolBytes(), 16384U + 40960U + 4U * 64 + 64U);
}

TEST(Place, PassesTheCapabilityToTheHeap) {
  static std::uint32_t asked = 0;
  alignas(16) static std::array<std::byte, 64> capable;
  Heap heap = platform_heap;
  heap.allocateCapable = [](void*, std::size_t, std::size_t, std::uint32_t capability) {
    asked = capability;
    return static_cast<void*>(capable.data());
  };
  heap.release = [](void* context, void* memory, std::size_t bytes) {
    if (memory != capable.data()) platform_heap.release(context, memory, bytes);
  };
  StaticMemoryManager<placed> memory(heap);
  EXPECT_EQ(asked, 7U);
  void* const block = memory.allocatePoolOnly(dma, 64, "d");
  EXPECT_EQ(block, capable.data());
  memory.deallocate(block);
}

struct alignas(16) Shifted {
  std::byte first[8];
  std::byte memory[2 * 64];
};
Shifted shifted_memory;
constexpr MemoryConfig misplaced{
    .more = {{{.name = "odd", .blocks = 2, .block_size = 64, .place = Place::in(shifted_memory.memory)}}},
    .alignment = 16};

TEST(Place, IsNotUsedIfMisaligned) {
  test::TestHeap heap;
  StaticMemoryManager<misplaced> memory(heap.heap());
  EXPECT_TRUE(memory.stats().more[0].released);
  EXPECT_EQ(memory.allocatePoolOnly(misplaced.id("odd"), 64, "o"), nullptr);
}

/// Of each place whose pool may have no memory, and nothing watched: the bitmap alone says what is held.
constexpr MemoryConfig homeless{
    .more = {{{.name = "odd", .blocks = 2, .block_size = 64, .place = Place::in(shifted_memory.memory)},
              {.name = "given", .blocks = 2, .block_size = 64, .place = Place::handedOver()},
              {.name = "given runs",
               .kind = PoolKind::runs,
               .blocks = 8,
               .block_size = 64,
               .place = Place::handedOver()},
              {.name = "heap runs",
               .kind = PoolKind::runs,
               .blocks = 40,
               .block_size = 64,
               .place = Place::heap()}}},
    .alignment = 16,
    .guards = Guards::none};

class HomelessTest : public test::ManagerOf<homeless> {
 protected:
  void SetUp() override { memory.releaseIdlePools(); }
  MemoryManager& any = memory;
};

TEST_F(HomelessTest, OwnsNothingThatCouldBeFreed) {
  for (const std::uintptr_t address : {std::uintptr_t{1}, std::uintptr_t{65}}) {
    void* const nobodys = reinterpret_cast<void*>(address);  // NOLINT(performance-no-int-to-ptr)
    EXPECT_FALSE(memory.tryDeallocate(nobodys));
    EXPECT_FALSE(any.tryDeallocate(nobodys));
    EXPECT_FALSE(memory.owns(nobodys));
    EXPECT_EQ(memory.poolOf(nobodys), PoolId::none);
  }
  EXPECT_FALSE(memory.tryDeallocate(shifted_memory.memory));
  EXPECT_FALSE(any.tryDeallocate(shifted_memory.memory));
  EXPECT_EQ(memory.stats().heap.rejected, 6U);
  for (const PoolId pool : {homeless.id("odd"), homeless.id("given")}) {
    EXPECT_EQ(memory.allocatePoolOnly(pool, 1, "n"), nullptr);
  }
}

TEST_F(HomelessTest, CountsAsEmpty) {
  EXPECT_EQ(memory.occupancy().held, 0U);
  memory.resetPeaks();
  const MemoryStats stats = memory.stats();
  for (const PoolStats& pool : stats.more) {
    EXPECT_EQ(pool.peak, 0U) << pool.name;
    EXPECT_EQ(pool.in_use, 0U) << pool.name;
  }
}

TEST_F(HomelessTest, IsAPoolLikeAnyOtherOnceItHasMemory) {
  alignas(16) static std::array<std::byte, 2 * 64> region;
  ASSERT_EQ(memory.handOver(homeless.id("given"), region), HandOver::accepted);
  void* const block = memory.allocate(homeless.id("given"), 64, "g");
  EXPECT_EQ(block, region.data());
  EXPECT_EQ(memory.occupancy().held, 64U);
  EXPECT_TRUE(memory.tryDeallocate(block));
  EXPECT_FALSE(memory.tryDeallocate(block));
  EXPECT_FALSE(any.tryDeallocate(block));
}

TEST_F(HomelessTest, IsFreedOnceInARegionOfTheHeapToo) {
  ASSERT_NE(memory.reacquirePools(), 0U);
  constexpr PoolId runs = homeless.id("heap runs");
  void* const run = memory.allocate(runs, 65, "h");
  EXPECT_EQ(memory.poolOf(run), runs);
  EXPECT_TRUE(memory.tryDeallocate(run));
  EXPECT_FALSE(memory.tryDeallocate(run));
  EXPECT_FALSE(any.tryDeallocate(run));
  EXPECT_EQ(memory.stats().pool(runs).rejected, 2U);
}

TEST_F(HomelessTest, IsNotGivenNullptr) {
  const std::span<std::byte> nothing(static_cast<std::byte*>(nullptr), 128);
  EXPECT_EQ(memory.handOver(homeless.id("given"), nothing), HandOver::too_small);
}

TEST(Place, OfAPoolOfNoBlocksIsNotMissed) {
  test::TestHeap heap;
  const StaticMemoryManager<MemoryConfig{.general_buffer_pool_size = 0}> memory(heap.heap());
  EXPECT_FALSE(memory.stats().general.released);
}

alignas(16) std::byte fenced_memory[16 + 2 * (64 + 16)];
constexpr MemoryConfig fenced_array{
    .more = {{{.name = "array", .blocks = 2, .block_size = 64, .place = Place::in(fenced_memory)}}},
    .alignment = 16,
    .guards = Guards::fenced,
    .max_share_percent = 25};

TEST(Place, HasItsFencesInTheArray) {
  test::TestHeap heap;
  StaticMemoryManager<fenced_array> memory(heap.heap());
  auto* const block = static_cast<std::byte*>(memory.allocate(fenced_array.id("array"), 64, "a"));
  EXPECT_EQ(block, fenced_memory + 16);
  block[-1] = std::byte{1};
  memory.deallocate(block);
  EXPECT_EQ(memory.stats().guard_violations, 1U);
}

constexpr MemoryConfig fenced_twice{
    .more = {{{.name = "upper", .blocks = 1, .block_size = 64, .place = Place::handedOver()},
              {.name = "lower", .blocks = 1, .block_size = 64, .place = Place::handedOver()}}},
    .alignment = 16,
    .guards = Guards::fenced};

TEST(Place, SharesNoFenceWithAnother) {
  test::TestHeap heap;
  StaticMemoryManager<fenced_twice> memory(heap.heap());
  constexpr std::size_t each = fenced_twice.regionBytes(fenced_twice.more[0]);
  alignas(16) static std::array<std::byte, 2 * each> region;
  const std::span<std::byte> all(region);
  ASSERT_EQ(memory.handOver(fenced_twice.id("upper"), all.subspan(each)), HandOver::accepted);
  EXPECT_EQ(memory.handOver(fenced_twice.id("lower"), all.subspan(16)), HandOver::overlaps);
  EXPECT_EQ(memory.handOver(fenced_twice.id("lower"), all), HandOver::accepted);
}

}  // namespace
}  // namespace millpond
