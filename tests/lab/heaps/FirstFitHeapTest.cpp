// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <vector>

#include "lab/heaps/FirstFitHeap.h"

namespace millpond::lab {
namespace {

class FirstFitHeapTest : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_TRUE(heap.isSound());
    EXPECT_EQ(heap.heldBlocks(), 0U);
    EXPECT_EQ(heap.freeBytes(), whole) << "all holes grew together again";
  }
  std::vector<std::byte> region = std::vector<std::byte>(64 * 1024);
  FirstFitHeap heap{region};
  const std::size_t whole = heap.freeBytes();
};

TEST_F(FirstFitHeapTest, TakesTheLowestHoleThatFits) {
  void* a = heap.allocate(1000);
  void* b = heap.allocate(100);
  void* c = heap.allocate(1000);
  EXPECT_LT(a, b);
  EXPECT_LT(b, c);
  heap.release(a);
  EXPECT_EQ(heap.allocate(500), a);
  for (void* block : {a, b, c}) EXPECT_TRUE(heap.release(block));
}

TEST_F(FirstFitHeapTest, ServesItsLargestFreeBlockAndNotAByteMore) {
  EXPECT_EQ(heap.allocate(heap.largestFreeBlock() + 1), nullptr);
  void* all = heap.allocate(heap.largestFreeBlock());
  EXPECT_NE(all, nullptr);
  EXPECT_EQ(heap.allocate(1), nullptr);
  EXPECT_TRUE(heap.release(all));
}

TEST_F(FirstFitHeapTest, KeepsAnEndMarkerBehindItsBlocks) {
  EXPECT_EQ(heap.freeBytes(), region.size() - 8);
  EXPECT_EQ(heap.largestFreeBlock(), region.size() - 8 - 8);
}

TEST_F(FirstFitHeapTest, AlignsToEightAndPutsAHeaderOfEightBeforeEachBlock) {
  auto* a = static_cast<std::byte*>(heap.allocate(1));
  auto* b = static_cast<std::byte*>(heap.allocate(9));
  auto* c = static_cast<std::byte*>(heap.allocate(8));
  EXPECT_EQ(a, region.data() + 8);
  EXPECT_EQ(b, a + 16);
  EXPECT_EQ(c, b + 24);
  for (void* block : {a, b, c}) EXPECT_TRUE(heap.release(block));
}

TEST_F(FirstFitHeapTest, SplitsARestAboveTwoHeadersAndNoOther) {
  auto* hole = static_cast<std::byte*>(heap.allocate(104));
  void* wall = heap.allocate(8);
  heap.release(hole);
  EXPECT_EQ(heap.allocate(88), hole);
  EXPECT_GT(heap.allocate(1), wall) << "a rest of 16 stays with its block";
  heap.release(static_cast<std::byte*>(wall) + 16);
  heap.release(hole);
  EXPECT_EQ(heap.allocate(80), hole);
  EXPECT_EQ(heap.allocate(16), hole + 88) << "a rest of 24 is a block";
  for (void* block : {hole, hole + 88, static_cast<std::byte*>(wall)}) EXPECT_TRUE(heap.release(block));
}

TEST_F(FirstFitHeapTest, AlignsToMoreWhereAskedTo) {
  std::vector<std::byte> own(4096);
  FirstFitHeap aligned(own, 64);
  for (const std::size_t bytes : {1U, 100U, 64U}) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(aligned.allocate(bytes)) % 64, 0U);
  }
  EXPECT_TRUE(aligned.isSound());
}

TEST_F(FirstFitHeapTest, BreaksUp) {
  std::vector<void*> blocks;
  while (void* block = heap.allocate(1000)) blocks.push_back(block);
  for (std::size_t index = 0; index < blocks.size(); index += 2) heap.release(blocks[index]);
  EXPECT_GT(heap.freeBytes(), 30'000U);
  EXPECT_LT(heap.largestFreeBlock(), 2'100U);
  EXPECT_EQ(heap.allocate(3'000), nullptr);
  for (std::size_t index = 1; index < blocks.size(); index += 2) heap.release(blocks[index]);
}

TEST_F(FirstFitHeapTest, RefusesWhatItDidNotGive) {
  void* block = heap.allocate(100);
  int foreign = 0;
  EXPECT_FALSE(heap.release(&foreign));
  EXPECT_FALSE(heap.release(static_cast<std::byte*>(block) + 16));
  EXPECT_TRUE(heap.release(block));
  EXPECT_FALSE(heap.release(block));
  EXPECT_EQ(heap.allocate(0), nullptr);
  EXPECT_EQ(heap.allocate(SIZE_MAX), nullptr);
  EXPECT_TRUE(heap.release(nullptr));
}

TEST_F(FirstFitHeapTest, KeepsItsBlocksApartThroughAHundredThousandOperations) {
  std::mt19937 random(2026);
  struct Held {
    unsigned char* bytes;
    std::size_t size;
    unsigned char mark;
  };
  std::vector<Held> held;
  for (int step = 0; step < 100'000; ++step) {
    if (held.empty() || random() % 2 == 0) {
      const std::size_t size = 1 + random() % 3000;
      auto* bytes = static_cast<unsigned char*>(heap.allocate(size));
      if (bytes == nullptr) continue;
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(bytes) % FirstFitHeap::device_alignment, 0U);
      const auto mark = static_cast<unsigned char>(step);
      std::memset(bytes, mark, size);
      held.push_back({bytes, size, mark});
    } else {
      std::swap(held[random() % held.size()], held.back());
      const Held block = held.back();
      held.pop_back();
      ASSERT_TRUE(std::all_of(block.bytes, block.bytes + block.size,
                              [&](unsigned char byte) { return byte == block.mark; }));
      ASSERT_TRUE(heap.release(block.bytes));
    }
    if (step % 1000 == 0) {
      ASSERT_TRUE(heap.isSound());
    }
  }
  for (const Held& block : held) heap.release(block.bytes);
}

}  // namespace
}  // namespace millpond::lab
