// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <utility>

#include "Test.h"
#include "millpond/MemoryManager.h"

namespace millpond {

namespace handle_tests {

StaticMemoryManager<MemoryConfig{}> memory;

std::size_t inUse() { return memory.stats().audio.in_use; }

TEST(Buffer, GivesItsBlockBackOnceHoweverItMoves) {
  const std::uint64_t rejected = memory.stats().audio.rejected;
  {
    Buffer first = memory.audioBuffer(4000, "handle");
    Buffer second = std::move(first);
    EXPECT_FALSE(first);
    EXPECT_EQ(second.size(), 4000U);
    first = std::move(second);
    EXPECT_EQ(inUse(), 1U);
  }
  EXPECT_EQ(inUse(), 0U);
  EXPECT_EQ(memory.stats().audio.rejected, rejected);
}

TEST(Buffer, ThatWasFreedBehindItsBackDoesNoHarmToTheNextOwner) {
  Buffer stale = memory.audioBuffer(4000, "stale");
  memory.deallocate(stale.data());
  void* next = memory.allocateAudioBuffer(4000, "next");
  EXPECT_TRUE(next == stale.data());
  stale.reset();
  EXPECT_EQ(inUse(), 1U);
  memory.deallocate(next);
  EXPECT_EQ(inUse(), 0U);
}

TEST(Buffer, ReleaseHandsTheBlockOver) {
  Buffer buffer = memory.audioBuffer(10, "handle");
  void* block = buffer.release();
  EXPECT_FALSE(buffer);
  EXPECT_EQ(inUse(), 1U);
  memory.deallocate(block);
}

TEST(SharedBuffer, LivesAsLongAsItsLastOwner) {
  SharedBuffer last;
  {
    const SharedBuffer first = memory.audioBuffer(100, "shared");
    const SharedBuffer second = first;
    last = second;
    EXPECT_TRUE(last.data() == first.data());
  }
  EXPECT_EQ(inUse(), 1U);
  last.reset();
  EXPECT_EQ(inUse(), 0U);
}

TEST(SharedBuffer, KeepsItsBlockFromAFreeByAddress) {
  SharedBuffer first = memory.audioBuffer(100, "shared");
  SharedBuffer second = first;
  memory.deallocate(first.data());
  EXPECT_EQ(inUse(), 1U);
  first.reset();
  second.reset();
  EXPECT_EQ(inUse(), 0U);
}

}  // namespace handle_tests
}  // namespace millpond
