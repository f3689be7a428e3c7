// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <vector>

#include "millpond/account/HeapFallback.h"
#include "support/TestHeap.h"

namespace millpond {
namespace {

class HeapFallbackTest : public testing::Test {
 protected:
  static constexpr std::uint32_t records = 3;
  static constexpr std::uint32_t limit = 1000;

  void TearDown() override {
    EXPECT_EQ(fallback.inUse(), 0U);
    EXPECT_EQ(fallback.blocks(), 0U);
    Port::driveTicks(0);
  }

  test::TestHeap heap;
  std::array<HeapFallback::Record, records> table;
  static constexpr HeapFallback::Setup setup{.records = records, .limit = limit, .alignment = 64};
  HeapFallback fallback{heap.heap(), setup, table.data()};
};

TEST_F(HeapFallbackTest, TakesFromTheHeapAndGivesBackToIt) {
  void* block = fallback.allocate(300, "tls");
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(fallback.inUse(), 300U);
  EXPECT_EQ(fallback.blocks(), 1U);
  EXPECT_EQ(heap.outstanding(), 1U);
  EXPECT_TRUE(fallback.deallocate(block));
  EXPECT_EQ(heap.outstanding(), 0U);
}

TEST_F(HeapFallbackTest, WritesDownSourceSizeAndTime) {
  const char* const source = "tls";
  Port::driveTicks(77);
  void* block = fallback.allocate(300, source);
  const HeapFallback::Record& record = fallback.at(0);
  EXPECT_EQ(record.address.load(), block);
  EXPECT_EQ(record.source.load(), source);
  EXPECT_EQ(record.holding.size(), 300U);
  EXPECT_EQ(record.since.load(), 77U);
  EXPECT_TRUE(fallback.deallocate(block));
  EXPECT_EQ(record.address.load(), nullptr);
}

TEST_F(HeapFallbackTest, ServesUpToItsLimitToTheByte) {
  void* whole = fallback.allocate(limit, nullptr);
  ASSERT_NE(whole, nullptr);
  EXPECT_EQ(fallback.allocate(1, nullptr), nullptr);
  EXPECT_EQ(fallback.refused(), 1U);
  EXPECT_TRUE(fallback.deallocate(whole));
  EXPECT_EQ(fallback.allocate(limit + 1, nullptr), nullptr);
  EXPECT_EQ(fallback.refused(), 2U);
  EXPECT_EQ(heap.allocations(), 1U) << "what is over the limit never reaches the heap";
}

TEST_F(HeapFallbackTest, RefusesSizesWhoseSumWouldWrap) {
  void* block = fallback.allocate(10, nullptr);
  for (const std::size_t size : {SIZE_MAX, SIZE_MAX - 9, std::size_t{UINT32_MAX}, std::size_t{UINT32_MAX} - 9,
                                 (SIZE_MAX >> 31U) + 1, (SIZE_MAX >> 31U) + 11}) {
    EXPECT_EQ(fallback.allocate(size, nullptr), nullptr) << size;
  }
  EXPECT_EQ(fallback.inUse(), 10U);
  EXPECT_EQ(fallback.refused(), 6U);
  EXPECT_TRUE(fallback.deallocate(block));
}

TEST_F(HeapFallbackTest, RefusesMoreBlocksThanItHasRecordsAndReservesNothingForThem) {
  std::vector<void*> blocks;
  for (std::uint32_t block = 0; block < records; ++block) blocks.push_back(fallback.allocate(10, nullptr));
  EXPECT_EQ(fallback.allocate(10, nullptr), nullptr);
  EXPECT_EQ(fallback.inUse(), 30U);
  EXPECT_EQ(fallback.blocks(), records);
  for (void* block : blocks) EXPECT_TRUE(fallback.deallocate(block));
}

TEST_F(HeapFallbackTest, ReservesNothingWhereTheHeapHasNoMemory) {
  heap.setEmpty(true);
  for (int round = 0; round < 10; ++round) EXPECT_EQ(fallback.allocate(400, nullptr), nullptr);
  EXPECT_EQ(fallback.refused(), 10U);
  EXPECT_EQ(fallback.inUse(), 0U);
  EXPECT_EQ(fallback.blocks(), 0U);
  heap.setEmpty(false);
  void* block = fallback.allocate(limit, nullptr);
  EXPECT_NE(block, nullptr);
  EXPECT_TRUE(fallback.deallocate(block));
}

TEST_F(HeapFallbackTest, RefusesASecondFreeWithoutTouchingTheHeap) {
  void* block = fallback.allocate(10, nullptr);
  EXPECT_TRUE(fallback.deallocate(block));
  EXPECT_FALSE(fallback.deallocate(block));
  EXPECT_EQ(heap.releases(), 1U);
  EXPECT_EQ(fallback.inUse(), 0U);
}

TEST_F(HeapFallbackTest, RefusesForeignInteriorAndNullPointersWithoutReadingThem) {
  auto* block = static_cast<std::byte*>(fallback.allocate(10, nullptr));
  EXPECT_FALSE(fallback.deallocate(block + 1));
  EXPECT_FALSE(fallback.deallocate(block + 10));
  EXPECT_FALSE(fallback.deallocate(nullptr)) << "a free record holds nullptr as well";
  EXPECT_FALSE(fallback.deallocate(reinterpret_cast<void*>(std::uintptr_t{1})));
  int foreign = 0;
  EXPECT_FALSE(fallback.deallocate(&foreign));
  EXPECT_EQ(fallback.inUse(), 10U);
  EXPECT_EQ(heap.releases(), 0U);
  EXPECT_TRUE(fallback.deallocate(block));
}

TEST_F(HeapFallbackTest, AllocatesNothingInAnInterruptAndNeverCallsTheHeapThere) {
  void* block = fallback.allocate(10, nullptr);
  const std::size_t calls = heap.calls();
  {
    const Port::InterruptScope in_interrupt;
    EXPECT_EQ(fallback.allocate(10, nullptr), nullptr);
    EXPECT_TRUE(fallback.deallocate(block));
  }
  EXPECT_EQ(heap.calls(), calls);
  EXPECT_EQ(fallback.refused(), 1U);
  EXPECT_EQ(fallback.releaseFreed(), 10U);
}

TEST_F(HeapFallbackTest, WhatAnInterruptFreesIsNobodysAtOnce) {
  auto* block = static_cast<std::byte*>(fallback.allocate(10, nullptr));
  {
    const Port::InterruptScope in_interrupt;
    EXPECT_TRUE(fallback.deallocate(block));
    EXPECT_FALSE(fallback.deallocate(block)) << "a second free";
  }
  EXPECT_FALSE(fallback.deallocate(block)) << "a second free by a task";
  EXPECT_FALSE(fallback.deallocate(block + 1));
  EXPECT_EQ(fallback.find(block), nullptr);
  EXPECT_EQ(fallback.find(block + 1), nullptr);
  EXPECT_FALSE(HeapFallback::isHeld(fallback.at(0).address.load()));
  EXPECT_EQ(fallback.inUse(), 10U) << "the heap does not have it back yet";
  EXPECT_EQ(fallback.blocks(), 1U);
  EXPECT_EQ(fallback.releaseFreed(), 10U);
  EXPECT_EQ(fallback.releaseFreed(), 0U);
}

TEST_F(HeapFallbackTest, TheNextTaskGivesBackWhatInterruptsFreed) {
  const auto freeInInterrupt = [this](void* block) {
    const Port::InterruptScope in_interrupt;
    return fallback.deallocate(block);
  };
  void* held = fallback.allocate(1, nullptr);
  void* first = fallback.allocate(500, nullptr);
  void* second = fallback.allocate(limit - 501, nullptr);
  EXPECT_TRUE(freeInInterrupt(first));
  EXPECT_TRUE(freeInInterrupt(second));
  void* next = fallback.allocate(limit - 1, nullptr);
  EXPECT_NE(next, nullptr) << "who allocates gives it back before it asks for more";
  EXPECT_EQ(heap.releases(), 2U);
  EXPECT_TRUE(freeInInterrupt(next));
  EXPECT_TRUE(fallback.deallocate(held));
  EXPECT_EQ(heap.releases(), 4U) << "who frees gives it back as well";
}

TEST_F(HeapFallbackTest, RemembersTheMostBytesOutstanding) {
  void* large = fallback.allocate(600, nullptr);
  void* small = fallback.allocate(50, nullptr);
  EXPECT_TRUE(fallback.deallocate(large));
  EXPECT_TRUE(fallback.deallocate(small));
  EXPECT_EQ(fallback.peak(), 650U);
}

TEST_F(HeapFallbackTest, AlignsEveryBlockAsSetUp) {
  std::vector<void*> blocks;
  for (const std::size_t size : {1U, 65U, 300U}) blocks.push_back(fallback.allocate(size, nullptr));
  for (void* block : blocks) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % setup.alignment, 0U);
    EXPECT_TRUE(fallback.deallocate(block));
  }
}

TEST_F(HeapFallbackTest, NeitherInUseNorPeakCountsWhatTheHeapRefuses) {
  void* other = nullptr;
  std::uint32_t in_use = 0;
  heap.failAt(1);
  heap.setOnCall([&] {
    heap.setOnCall(nullptr);
    other = fallback.allocate(50, "another task");
    in_use = fallback.inUse();
  });
  EXPECT_EQ(fallback.allocate(600, "large"), nullptr);
  EXPECT_EQ(in_use, 50U);
  EXPECT_EQ(fallback.peak(), 50U);
  EXPECT_TRUE(fallback.deallocate(other));
}

TEST_F(HeapFallbackTest, ThePeakIsNotTheSumOfABlockAndOfItsSuccessor) {
  void* first = fallback.allocate(400, nullptr);
  void* second = nullptr;
  heap.setOnCall([&] {
    heap.setOnCall(nullptr);
    second = fallback.allocate(500, "another task");
  });
  EXPECT_TRUE(fallback.deallocate(first)) << "meanwhile the second is taken";
  EXPECT_EQ(fallback.peak(), 500U);
  EXPECT_TRUE(fallback.deallocate(second));
}

TEST_F(HeapFallbackTest, AFailureOfTheHeapLeavesTheRecordsThatOthersTookMeanwhile) {
  std::vector<void*> others;
  heap.failAt(1);
  heap.setOnCall([&] {
    heap.setOnCall(nullptr);
    for (int block = 0; block < 2; ++block) others.push_back(fallback.allocate(10, "another task"));
    EXPECT_EQ(fallback.allocate(10, "another task"), nullptr) << "the third record is the first caller's";
  });
  EXPECT_EQ(fallback.allocate(10, "first"), nullptr);
  EXPECT_EQ(fallback.blocks(), 2U);
  void* third = fallback.allocate(980, "first");
  EXPECT_NE(third, nullptr) << "its record and its bytes came back";
  others.push_back(third);
  for (void* block : others) EXPECT_TRUE(fallback.deallocate(block));
}

TEST_F(HeapFallbackTest, ABlockIsNobodysWhileTheHeapTakesItBack) {
  void* block = fallback.allocate(400, nullptr);
  heap.setOnCall([&] {
    heap.setOnCall(nullptr);
    EXPECT_FALSE(fallback.deallocate(block)) << "a second free, from within the first";
    EXPECT_EQ(fallback.find(block), nullptr);
    EXPECT_EQ(fallback.allocate(700, nullptr), nullptr) << "the heap has not got it back yet";
  });
  EXPECT_TRUE(fallback.deallocate(block));
  EXPECT_EQ(fallback.blocks(), 0U);
}

TEST_F(HeapFallbackTest, UsesARecordAgainOnceItsBlockIsFreed) {
  for (int round = 0; round < 100; ++round) {
    void* block = fallback.allocate(10, nullptr);
    ASSERT_NE(block, nullptr);
    ASSERT_TRUE(fallback.deallocate(block));
  }
}

TEST(HeapFallback, KeepsAsManyAsThirtyTwoBlocks) {
  test::TestHeap heap;
  std::array<HeapFallback::Record, HeapFallback::max_records> table;
  constexpr static HeapFallback::Setup setup{HeapFallback::max_records, 1000, 8};
  HeapFallback fallback(heap.heap(), setup, table.data());
  std::vector<void*> blocks;
  while (void* block = fallback.allocate(1, nullptr)) blocks.push_back(block);
  EXPECT_EQ(blocks.size(), HeapFallback::max_records);
  for (void* block : blocks) EXPECT_TRUE(fallback.deallocate(block));
}

}  // namespace
}  // namespace millpond
