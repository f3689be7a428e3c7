// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// Five pools on a board: the ADR's, of which one has no blocks, one in a section of its own, and one of runs.
#include "FakeHeap.h"
#include "Test.h"
#include "millpond/MemoryManager.h"

namespace millpond {
namespace {

[[gnu::section(".pool_memory.tls")]] alignas(16) std::byte tls_memory[2 * 16720];

constexpr MemoryConfig five_pools{
    .general_buffer_pool_size = 0,
    .more = {{{.name = "tls", .blocks = 2, .block_size = 16720, .place = Place::in(tls_memory)},
              {.name = "objects", .kind = PoolKind::runs, .blocks = 16, .block_size = 64}}}};
constexpr PoolId tls = five_pools.id("tls");
constexpr PoolId objects = five_pools.id("objects");

target::FakeHeap five_heap;
StaticMemoryManager<five_pools> five(five_heap.heap());

#if defined(MILLPOND_OWN_SECTION)
extern "C" std::byte __pool_memory_start[];
extern "C" std::byte __pool_memory_end[];

TEST(PoolTable, LiesInASectionOfItsOwn) {
  auto* const block = static_cast<std::byte*>(five.allocate(tls, 16717, "tls"));
  EXPECT_TRUE(block >= __pool_memory_start);
  EXPECT_TRUE(block + 16720 <= __pool_memory_end);
  five.deallocate(block);
}
#endif

TEST(PoolTable, ServesEveryPool) {
  void* const blocks[] = {five.allocateAudioBuffer(4096, "a"), five.allocateNetworkBuffer(20480, "n"),
                          five.allocate(tls, 16717, "t"), five.allocate(objects, 100, "o")};
  EXPECT_EQ(five.poolOf(blocks[0]), PoolId::audio);
  EXPECT_EQ(five.poolOf(blocks[1]), PoolId::network);
  EXPECT_EQ(five.poolOf(blocks[2]), tls);
  EXPECT_EQ(five.poolOf(blocks[3]), objects);
  EXPECT_EQ(five.usableSize(blocks[2]), 16720U);
  EXPECT_EQ(five.usableSize(blocks[3]), 128U);
  EXPECT_EQ(five.stats().pool(objects).in_use, 2U);
  for (void* block : blocks) {
    EXPECT_TRUE(five.tryDeallocate(block));
    EXPECT_TRUE(!five.tryDeallocate(block));
  }
  EXPECT_EQ(five.stats().pool(tls).in_use, 0U);
}

TEST(PoolTable, SendsRequestsToAPoolOfNoBlocksToTheHeap) {
  void* const block = five.allocateGeneralBuffer(100, "g");
  EXPECT_EQ(five.poolOf(block), PoolId::heap);
  EXPECT_EQ(five.allocatePoolOnly(PoolId::general, 100, "g"), nullptr);
  five.deallocate(block);
}

}  // namespace
}  // namespace millpond
