// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <thread>

#include "support/ManagerFixture.h"

namespace millpond {
namespace {

using SharedBufferTest = test::DefaultManager;

TEST_F(SharedBufferTest, TheBlockLivesAsLongAsItsLastOwner) {
  SharedBuffer first = memory.audioBuffer(1000, "capture");
  ASSERT_TRUE(first);
  EXPECT_EQ(first.size(), 1000U);
  SharedBuffer second = first;
  EXPECT_EQ(second.data(), first.data());
  first.reset();
  EXPECT_EQ(memory.stats().audio.in_use, 1U);
  second.reset();
  EXPECT_EQ(memory.stats().audio.in_use, 0U);
}

TEST_F(SharedBufferTest, OfNothingIsEmpty) {
  const SharedBuffer none = Buffer{};
  const SharedBuffer copy = none;
  EXPECT_FALSE(copy);
}

TEST_F(SharedBufferTest, AssignmentAndMoveKeepTheCount) {
  SharedBuffer a = memory.audioBuffer(10, "a");
  SharedBuffer b = memory.audioBuffer(10, "b");
  b = a;
  EXPECT_EQ(memory.stats().audio.in_use, 1U);
  const SharedBuffer c = std::move(a);
  b.reset();
  EXPECT_EQ(memory.stats().audio.in_use, 1U);
}

TEST_F(SharedBufferTest, ARawFreeUnderOtherOwnersIsRefused) {
  SharedBuffer a = memory.audioBuffer(10, "a");
  const SharedBuffer b = a;
  memory.deallocate(a.data());
  EXPECT_EQ(memory.stats().audio.rejected, 1U);
  EXPECT_EQ(memory.stats().audio.in_use, 1U);
}

TEST_F(SharedBufferTest, AHandleOfABlockFreedBehindItCannotBeCopiedAndIsRefused) {
  SharedBuffer stale = memory.audioBuffer(10, "a");
  memory.deallocate(stale.data());
  const Buffer next = memory.audioBuffer(10, "next owner");
  EXPECT_EQ(next.data(), stale.data());
  const SharedBuffer copy = stale;
  EXPECT_FALSE(copy);
  stale.reset();
  EXPECT_EQ(memory.stats().audio.rejected, 1U);
  EXPECT_EQ(memory.stats().audio.in_use, 1U) << "the next owner keeps the block";
}

TEST_F(SharedBufferTest, HasAtMost255Owners) {
  std::vector<SharedBuffer> owners(1, memory.generalBuffer(10, "many"));
  while (true) {
    SharedBuffer next = owners.front();
    if (!next) break;
    owners.push_back(std::move(next));
  }
  EXPECT_EQ(owners.size(), 255U);
}

TEST_F(SharedBufferTest, OfTheHeapIsCountedToo) {
  SharedBuffer a = memory.audioBuffer(5000, "large");
  SharedBuffer b = a;
  ASSERT_TRUE(b);
  a.reset();
  EXPECT_EQ(memory.stats().heap.in_use, 5000U);
  memory.deallocate(b.data());
  EXPECT_EQ(memory.stats().heap.in_use, 0U);
  b.reset();
  EXPECT_EQ(memory.stats().heap.rejected, 1U);
}

TEST_F(SharedBufferTest, OfTheHeapDroppedInAnInterruptGoesBackWithItsLastOwner) {
  SharedBuffer a = memory.audioBuffer(5000, "large");
  SharedBuffer b = a;
  {
    const Port::InterruptScope in_interrupt;
    a.reset();
    EXPECT_EQ(memory.releaseFreed(), 0U) << "the other owner has it";
    b.reset();
  }
  EXPECT_EQ(memory.stats().heap.rejected, 0U);
  EXPECT_EQ(memory.releaseFreed(), 5000U);
}

TEST_F(SharedBufferTest, CopiesAndDropsFromSeveralThreadsAddUp) {
  for (int round = 0; round < 200; ++round) {
    SharedBuffer block = memory.audioBuffer(64, "shared");
    block.bytes()[0] = std::byte{42};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 3; ++thread) {
      threads.emplace_back([mine = block] {
        for (int copy = 0; copy < 50; ++copy) {
          const SharedBuffer another = mine;
          EXPECT_EQ(another.bytes()[0], std::byte{42});
        }
      });
    }
    block.reset();  // the last owner is one of the threads
    for (std::thread& thread : threads) thread.join();
    threads.clear();
    ASSERT_EQ(memory.stats().audio.in_use, 0U);
  }
}

TEST_F(SharedBufferTest, ACopyOfAHandleWhoseBlockWasFreedBehindItIsEmpty) {
  SharedBuffer audio = memory.audioBuffer(9, "a");
  memory.deallocate(audio.data());
  const SharedBuffer copy = audio;
  EXPECT_FALSE(copy);
  SharedBuffer first = memory.generalBuffer(9, "b");
  SharedBuffer second = memory.generalBuffer(9, "c");
  memory.deallocate(first.data());
  memory.deallocate(second.data());
  const Buffer other = memory.generalBuffer(1024, "other");
  const SharedBuffer interior = second;
  EXPECT_FALSE(interior) << "a handle into the middle of somebody else's run";
}

}  // namespace
}  // namespace millpond
