// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Test.h"
#include "board/Board.h"
#include "millpond/MemoryManager.h"

namespace millpond {

namespace memory_manager_tests {

StaticMemoryManager<MemoryConfig{.max_heap_allocation = 8192, .max_heap_blocks = 4}> memory;

bool sameText(const char* a, const char* b) { return __builtin_strcmp(a, b) == 0; }

/// Every test leaves the pools and the heap empty.
void expectEmpty() {
  const MemoryStats stats = memory.stats();
  EXPECT_EQ(stats.audio.in_use, 0U);
  EXPECT_EQ(stats.network.in_use, 0U);
  EXPECT_EQ(stats.general.in_use, 0U);
  EXPECT_EQ(stats.heap.in_use, 0U);
  EXPECT_TRUE(memory.leaks().begin() == std::default_sentinel);
}

TEST(MemoryManager, ServesEachKindFromItsPool) {
  void* audio = memory.allocateAudioBuffer(4096, "capture");
  void* network = memory.allocateNetworkBuffer(19200, "uplink");
  void* general = memory.allocateGeneralBuffer(700, "json");
  const MemoryStats stats = memory.stats();
  EXPECT_EQ(stats.audio.in_use, 1U);
  EXPECT_EQ(stats.network.in_use, 1U);
  EXPECT_EQ(stats.general.in_use, 2U);
  EXPECT_EQ(stats.heap.allocations, 0U);
  memory.deallocate(audio);
  memory.deallocate(network);
  memory.deallocate(general);
  expectEmpty();
}

TEST(MemoryManager, ServesFromTheHeapWhatThePoolCannotUpToItsCap) {
  void* blocks[4];
  for (void*& block : blocks) block = memory.allocateAudioBuffer(4096, "capture");
  const std::uint64_t before = memory.stats().heap.allocations;
  void* fallback = memory.allocateAudioBuffer(4096, "burst");
  EXPECT_TRUE(fallback != nullptr);
  EXPECT_EQ(memory.stats().heap.allocations, before + 1);
  EXPECT_EQ(memory.stats().heap.in_use, 4096U);
  EXPECT_TRUE(memory.allocateAudioBuffer(4097, "burst") == nullptr);
  memory.deallocate(fallback);
  for (void* block : blocks) memory.deallocate(block);
  expectEmpty();
}

TEST(MemoryManager, CountsBadFreesAndChangesNothing) {
  void* audio = memory.allocateAudioBuffer(100, "capture");
  const std::uint64_t rejected = memory.stats().audio.rejected;
  const std::uint64_t foreign = memory.stats().heap.rejected;
  memory.deallocate(static_cast<std::byte*>(audio) + 8);
  memory.deallocate(&memory);
  EXPECT_EQ(memory.stats().audio.in_use, 1U);
  memory.deallocate(audio);
  memory.deallocate(audio);
  EXPECT_EQ(memory.stats().audio.rejected, rejected + 2);
  EXPECT_EQ(memory.stats().heap.rejected, foreign + 1);
  expectEmpty();
}

TEST(MemoryManager, KnowsWhoHoldsWhat) {
  void* audio = memory.allocateAudioBuffer(1000, "capture");
  void* fallback = memory.allocateGeneralBuffer(5000, "tls");
  SourceStats rows[4];
  ASSERT_EQ(memory.statsBySource(rows), 2U);
  EXPECT_TRUE(sameText(rows[0].source, "capture"));
  EXPECT_EQ(rows[0].bytes_requested, 1000U);
  EXPECT_EQ(rows[0].bytes_granted, 4096U);
  EXPECT_TRUE(sameText(rows[1].source, "tls"));
  EXPECT_EQ(rows[1].bytes_requested, 5000U);
  memory.deallocate(audio);
  memory.deallocate(fallback);
  expectEmpty();
}

TEST(MemoryManager, KnowsTheAgeOfABlock) {
  board::letPass(1000);  // the ticks are driven, and stood still since the test before
  const std::uint64_t before_us = Port::micros();
  void* audio = memory.allocateAudioBuffer(1000, "capture");
  board::letPass(300'000);
  const LiveBlock block = *memory.leaks().begin();
  // Exact to a tick of 65.536 ms at each end, however long the board let pass.
  const auto passed_ms = static_cast<std::uint32_t>((Port::micros() - before_us) >> 10U);
  EXPECT_GE(block.age_ms, 196U);
  EXPECT_LE(block.age_ms, passed_ms + passed_ms / 32 + 66U);
  EXPECT_TRUE(memory.leaks(10'000).begin() == std::default_sentinel);
  memory.deallocate(audio);
  expectEmpty();
}

TEST(MemoryManager, RefusesASizeOfZero) {
  const std::uint64_t before = memory.stats().invalid_requests;
  EXPECT_TRUE(memory.allocateAudioBuffer(0, "nobody") == nullptr);
  EXPECT_EQ(memory.stats().invalid_requests, before + 1);
  expectEmpty();
}

TEST(MemoryManager, AHandleGivesItsBlockBack) {
  {
    const Buffer buffer = memory.networkBuffer(19200, "uplink");
    EXPECT_EQ(buffer.size(), 19200U);
    EXPECT_EQ(memory.stats().network.in_use, 1U);
  }
  expectEmpty();
}

TEST(MemoryManager, GivesBackToTheHeapWhatAnInterruptFreed) {
  static Buffer fallen;
  static volatile bool happened = false;
  const std::uint32_t rejected = memory.stats().heap.rejected;
  void* blocks[2];
  for (void*& block : blocks) block = memory.allocateNetworkBuffer(1000, "uplink");
  fallen = memory.networkBuffer(1000, "uplink");
  EXPECT_EQ(memory.stats().heap.in_use, 1000U);
  board::setTimerHandler([] {
    fallen.reset();
    happened = true;
  });
  board::interruptAfter(50);
  while (!happened) {
  }
  board::setTimerHandler(nullptr);
  EXPECT_EQ(memory.stats().heap.rejected, rejected);
  EXPECT_EQ(memory.releaseFreed(), 1000U);
  for (void* block : blocks) memory.deallocate(block);
  expectEmpty();
}

TEST(MemoryManager, TakesNothingOfTheHeapInAnInterrupt) {
  static void* taken = &memory;
  static volatile bool happened = false;
  void* blocks[2];
  for (void*& block : blocks) block = memory.allocateNetworkBuffer(1000, "uplink");
  board::setTimerHandler([] {
    taken = memory.allocateNetworkBuffer(1000, "interrupt");
    happened = true;
  });
  board::interruptAfter(50);
  while (!happened) {
  }
  board::setTimerHandler(nullptr);
  EXPECT_TRUE(taken == nullptr);
  for (void* block : blocks) memory.deallocate(block);
  expectEmpty();
}

}  // namespace memory_manager_tests
}  // namespace millpond
