// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// Built with MILLPOND_CHECK_REQUIREMENTS, as is the library beside it: each broken "Requires:" ends the
// program.
#include <gtest/gtest.h>

#include <array>

#include "millpond.h"

namespace millpond {
namespace {

TEST(RequirementsDeathTest, OfAPoolEndTheProgram) {
  StaticBlockPool<64, 4> blocks;
  StaticRunPool<64, 4> runs;
  EXPECT_DEATH(blocks.give(4), "");
  EXPECT_DEATH(runs.give(4), "");
  EXPECT_DEATH(static_cast<void>(runs.take(0)), "");
  EXPECT_DEATH(static_cast<void>(blocks.heldAt(4)), "");
  EXPECT_DEATH(static_cast<void>(runs.heldAt(4)), "");
  EXPECT_DEATH(static_cast<void>(blocks.startAround(&runs)), "");
  EXPECT_DEATH(static_cast<void>(runs.startAround(&blocks)), "");
}

TEST(RequirementsDeathTest, OfAConstructorEndTheProgram) {
  std::array<Word, 64> state;
  std::array<std::byte, 64> memory;
  EXPECT_DEATH(BlockPool(memory.data(), 16, 0, state.data()), "");
  EXPECT_DEATH(BlockPool(memory.data(), 1, 4, state.data()), "");
  EXPECT_DEATH(RunPool(memory.data(), 12, 4, state.data()), "");
}

TEST(RequirementsDeathTest, OfAccountsAndGuardsEndTheProgram) {
  Ledger::Entry entry;
  alignas(8) std::array<std::byte, 64> block;
  EXPECT_DEATH(Ledger::open(entry, Holding::max_size + 1, "too large"), "");
  EXPECT_DEATH(guard::seal(block.data(), 65, 64), "");
  HeapFallback::Record record;
  const HeapFallback fallback(platform_heap, {1, 64, 8}, &record);
  EXPECT_DEATH(static_cast<void>(fallback.at(1)), "");
}

TEST(RequirementsDeathTest, OfAnObjectEndTheProgram) {
  const Object<int> nothing;
  EXPECT_DEATH(static_cast<void>(*nothing), "");
}

TEST(RequirementsDeathTest, OfFiguresEndTheProgram) {
  const MemoryStats stats;
  EXPECT_DEATH(static_cast<void>(stats.pool(PoolId::none)), "");
}

TEST(RequirementsDeathTest, OfAManagersPoolsEndTheProgram) {
  static StaticMemoryManager<> memory;
  EXPECT_DEATH(static_cast<void>(memory.find(nullptr)), "");
  PoolState& audio = memory.core().at(PoolId::audio);
  EXPECT_DEATH(static_cast<void>(audio.takeAs(0, Access::ordinary)), "");
  EXPECT_DEATH(static_cast<void>(audio.takeAs(4097, Access::ordinary)), "");
  EXPECT_DEATH(static_cast<void>(audio.heldAt(4)), "");
  EXPECT_DEATH(static_cast<void>(audio.withdraw()), "");
  EXPECT_DEATH(static_cast<void>(audio.abandon()), "");
}

TEST(Requirements, AreKeptByTheLibraryItself) {
  static StaticMemoryManager<MemoryConfig{.guards = Guards::full, .network_reclaimable = true}> memory;
  for (int round = 0; round < 3; ++round) {
    void* const blocks[] = {memory.allocateAudioBuffer(100, "a"), memory.allocateNetworkBuffer(100, "n"),
                            memory.allocateGeneralBuffer(700, "g"), memory.allocateGeneralBuffer(9000, "h")};
    for (void* block : blocks) memory.deallocate(block);
    memory.deallocate(blocks[0]);
    memory.releaseIdlePools();
    memory.reacquirePools();
  }
  EXPECT_EQ(memory.stats().audio.in_use, 0U);
}

}  // namespace
}  // namespace millpond
