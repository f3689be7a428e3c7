// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Test.h"
#include "millpond/MemoryManager.h"
#include "tests/FakeHeap.h"

namespace millpond {

namespace ledger_tests {

StaticMemoryManager<MemoryConfig{}> memory;

std::size_t held(std::uint64_t older_than_ms = 0) {
  std::size_t count = 0;
  for ([[maybe_unused]] const LiveBlock& block : memory.leaks(older_than_ms)) ++count;
  return count;
}

TEST(Ledger, SumsWhatASourceHoldsOverAllPools) {
  void* blocks[] = {memory.allocateAudioBuffer(4000, "tls"), memory.allocateNetworkBuffer(16717, "tls"),
                    memory.allocateGeneralBuffer(600, "tls"), memory.allocateGeneralBuffer(100, "json")};
  SourceStats rows[4];
  ASSERT_EQ(memory.statsBySource(rows), 2U);
  EXPECT_TRUE(target::sameText(rows[0].source, "tls"));
  EXPECT_EQ(rows[0].blocks, 3U);
  EXPECT_EQ(rows[0].bytes_requested, 4000U + 16717U + 600U);
  EXPECT_EQ(rows[0].bytes_granted, 4096U + 20480U + 1024U);
  EXPECT_EQ(rows[1].bytes_requested, 100U);
  for (void* block : blocks) memory.deallocate(block);
  EXPECT_EQ(memory.statsBySource(rows), 0U);
}

TEST(Ledger, CountsEveryAllocationAndFree) {
  const MemoryStats before = memory.stats();
  for (int round = 0; round < 1000; ++round) {
    memory.deallocate(memory.allocateAudioBuffer(4096, "round"));
    memory.deallocate(memory.allocateGeneralBuffer(700, "round"));
  }
  const MemoryStats after = memory.stats();
  EXPECT_EQ(after.audio.allocations, before.audio.allocations + 1000);
  EXPECT_EQ(after.audio.frees, before.audio.frees + 1000);
  EXPECT_EQ(after.general.allocations, before.general.allocations + 1000);
  EXPECT_EQ(after.audio.peak, 1U);
}

TEST(Ledger, KnowsWhatIsHeldHowLong) {
  void* old = memory.allocateAudioBuffer(10, "old");
  target::letPass(300'000);
  void* young = memory.allocateAudioBuffer(10, "young");
  EXPECT_EQ(held(), 2U);
  EXPECT_EQ(held(200), 1U);
  EXPECT_EQ((*memory.leaks(200).begin()).address, old);
  memory.deallocate(old);
  memory.deallocate(young);
  EXPECT_EQ(held(), 0U);
}

TEST(Ledger, ASourceThatIsNullIsShown) {
  void* block = memory.allocateNetworkBuffer(10, nullptr);
  EXPECT_TRUE(target::sameText((*memory.leaks().begin()).source, "?"));
  memory.deallocate(block);
}

}  // namespace ledger_tests
}  // namespace millpond
