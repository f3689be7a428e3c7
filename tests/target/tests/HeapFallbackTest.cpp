// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Test.h"
#include "millpond/MemoryManager.h"
#include "tests/FakeHeap.h"

namespace millpond {

namespace heap_fallback_tests {

target::FakeHeap heap;
StaticMemoryManager<MemoryConfig{
    .audio_buffer_pool_size = 1, .max_heap_allocation = 10'000, .audio_block_size = 64, .max_heap_blocks = 2}>
    memory{heap.heap()};

TEST(HeapFallback, ServesWhatIsTooLargeAndWhatFindsNoBlock) {
  void* too_large = memory.allocateAudioBuffer(65, "large");
  void* block = memory.allocateAudioBuffer(64, "fits");
  void* exhausted = memory.allocateAudioBuffer(64, "late");
  const MemoryStats stats = memory.stats();
  EXPECT_TRUE(too_large != nullptr && exhausted != nullptr);
  EXPECT_EQ(stats.audio.oversize, 1U);
  EXPECT_EQ(stats.audio.exhausted, 1U);
  EXPECT_EQ(stats.audio.fallbacks, 2U);
  EXPECT_EQ(stats.heap.in_use, 129U);
  EXPECT_EQ(heap.outstanding, 2);
  for (void* pointer : {too_large, block, exhausted}) memory.deallocate(pointer);
  EXPECT_EQ(memory.stats().heap.in_use, 0U);
  EXPECT_EQ(heap.outstanding, 0);
}

TEST(HeapFallback, StopsAtItsBytesAndAtItsBlocks) {
  void* large = memory.allocateGeneralBuffer(9'990, "large");
  EXPECT_TRUE(memory.allocateGeneralBuffer(5'000, "beyond the bytes") == nullptr);
  memory.deallocate(large);
  void* first = memory.allocateAudioBuffer(65, "first");
  void* second = memory.allocateAudioBuffer(65, "second");
  EXPECT_TRUE(first != nullptr && second != nullptr);
  EXPECT_TRUE(memory.allocateAudioBuffer(65, "beyond the blocks") == nullptr);
  memory.deallocate(first);
  memory.deallocate(second);
  EXPECT_EQ(heap.outstanding, 0);
}

TEST(HeapFallback, TakesNothingWhereTheHeapHasNothing) {
  heap.empty = true;
  EXPECT_TRUE(memory.allocateAudioBuffer(65, "nothing") == nullptr);
  heap.empty = false;
  EXPECT_EQ(memory.stats().heap.in_use, 0U);
}

TEST(HeapFallback, RefusesASecondFreeAndAnInteriorPointer) {
  auto* block = static_cast<std::byte*>(memory.allocateAudioBuffer(65, "once"));
  const std::uint64_t before = memory.stats().heap.rejected;
  memory.deallocate(block + 8);
  EXPECT_EQ(heap.outstanding, 1);
  memory.deallocate(block);
  memory.deallocate(block);
  EXPECT_EQ(memory.stats().heap.rejected, before + 2);
  EXPECT_EQ(heap.outstanding, 0);
}

}  // namespace heap_fallback_tests
}  // namespace millpond
