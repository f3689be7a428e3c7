// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <cstring>
#include <utility>
#include <vector>

#include "lab/heaps/DeviceRam.h"
#include "lab/heaps/TlsfHeap.h"

namespace millpond::lab {
namespace {

class TlsfHeapTest : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_TRUE(heap.isSound());
    EXPECT_EQ(heap.heldBlocks(), 0U);
    EXPECT_EQ(heap.holes().free, whole) << "all holes grew together again";
  }
  DeviceRam ram{64 * 1024};
  TlsfHeap heap{ram.span()};
  const std::uint32_t whole = heap.holes().free;
};

// Whether the heap is sound while the 32-bit word at `place` has another value.
bool isSoundWith(const TlsfHeap& heap, std::byte* place, std::uint32_t change) {
  std::uint32_t word = 0;
  std::memcpy(&word, place, sizeof word);
  const std::uint32_t changed = word ^ change;
  std::memcpy(place, &changed, sizeof changed);
  const bool sound = heap.isSound();
  std::memcpy(place, &word, sizeof word);
  return sound;
}

TEST_F(TlsfHeapTest, OverlooksAHoleThatIsThereWhereItsListHasSmallerOnesToo) {
  void* hole = heap.allocate(19200);
  void* wall = heap.allocate(8);
  void* rest = heap.allocate(heap.holes().largest / 1024 * 1024 - 1024);
  ASSERT_NE(rest, nullptr);
  heap.release(hole);
  EXPECT_EQ(heap.holes().largest, 19200U);
  EXPECT_EQ(heap.allocate(19200), nullptr) << "19208 bytes with the header round up to 19456";
  hole = heap.allocate(18900);
  EXPECT_NE(hole, nullptr) << "18908 round up to 18944";
  for (void* block : {hole, wall, rest}) EXPECT_TRUE(heap.release(block));
}

TEST_F(TlsfHeapTest, TakesAConstantNumberOfSteps) {
  std::vector<void*> blocks;
  while (void* block = heap.allocate(100)) blocks.push_back(block);
  for (std::size_t index = 0; index < blocks.size(); index += 2) heap.release(blocks[index]);
  EXPECT_GT(blocks.size(), 500U);
  void* small = heap.allocate(100);
  EXPECT_LE(heap.steps(), 4U);
  EXPECT_TRUE(heap.release(small));
  EXPECT_LE(heap.steps(), 5U);
  for (std::size_t index = 1; index < blocks.size(); index += 2) {
    heap.release(blocks[index]);
    EXPECT_LE(heap.steps(), 5U);
  }
}

TEST_F(TlsfHeapTest, RefusesWhatItDidNotGive) {
  void* block = heap.allocate(100);
  int foreign = 0;
  EXPECT_FALSE(heap.release(&foreign));
  EXPECT_FALSE(heap.release(static_cast<std::byte*>(block) + 8));
  EXPECT_TRUE(heap.release(block));
  EXPECT_FALSE(heap.release(block));
  EXPECT_EQ(heap.allocate(0), nullptr);
  EXPECT_EQ(heap.allocate(SIZE_MAX), nullptr);
  EXPECT_EQ(heap.allocate(UINT32_MAX), nullptr);
  EXPECT_TRUE(heap.release(nullptr));
}

TEST_F(TlsfHeapTest, ItsCheckSeesEveryFieldThatIsNotAsItWas) {
  auto* held = static_cast<std::byte*>(heap.allocate(100));
  auto* hole = static_cast<std::byte*>(heap.allocate(100));
  void* wall = heap.allocate(100);
  auto* other = static_cast<std::byte*>(heap.allocate(100));
  void* end = heap.allocate(100);
  heap.release(hole);
  heap.release(other);
  ASSERT_TRUE(heap.isSound());
  // A header is the block before and the size with its flag; a free block has its place in the list behind.
  EXPECT_FALSE(isSoundWith(heap, held - 8, 8)) << "before, of a held block";
  EXPECT_FALSE(isSoundWith(heap, held - 4, 8)) << "size, of a held block";
  EXPECT_FALSE(isSoundWith(heap, held - 4, 1)) << "flag, of a held block";
  EXPECT_FALSE(isSoundWith(heap, hole - 8, 8)) << "before, of a free block";
  EXPECT_FALSE(isSoundWith(heap, hole - 4, 8)) << "size, of a free block";
  EXPECT_FALSE(isSoundWith(heap, hole - 4, 1)) << "flag, of a free block";
  EXPECT_FALSE(isSoundWith(heap, hole + 4, 8)) << "previous in the list";
  EXPECT_FALSE(isSoundWith(heap, other + 4, 8)) << "previous of the list's first";
  std::uint32_t next = 0;
  std::memcpy(&next, other, sizeof next);
  EXPECT_FALSE(isSoundWith(heap, other, next ^ UINT32_MAX)) << "next, so that the list ends early";
  EXPECT_TRUE(heap.isSound());
  for (void* block : {static_cast<void*>(held), wall, end}) EXPECT_TRUE(heap.release(block));
}

}  // namespace
}  // namespace millpond::lab
