// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Test.h"
#include "board/Board.h"
#include "millpond/MemoryManager.h"

namespace millpond {

namespace reserve_tests {

StaticMemoryManager<MemoryConfig{.max_heap_allocation = 0, .audio_reserve = 1, .general_reserve = 3}> memory;

TEST(Reserve, IsNotForOrdinaryCallers) {
  void* flood[3];
  for (void*& block : flood) block = memory.allocateAudioBuffer(4096, "flood");
  EXPECT_TRUE(flood[2] != nullptr);
  EXPECT_TRUE(memory.allocateAudioBuffer(4096, "flood") == nullptr);
  void* reserved = memory.allocateAudioBuffer(4096, "capture", 0, Access::reserved);
  EXPECT_TRUE(reserved != nullptr);
  EXPECT_TRUE(memory.allocateAudioBuffer(4096, "capture", 0, Access::reserved) == nullptr);
  memory.deallocate(reserved);
  for (void* block : flood) memory.deallocate(block);
  EXPECT_EQ(memory.stats().audio.in_use, 0U);
}

TEST(Reserve, IsForInterrupts) {
  static void* taken = nullptr;
  static volatile bool happened = false;
  void* flood[3];
  for (void*& block : flood) block = memory.allocateAudioBuffer(4096, "flood");
  board::setTimerHandler([] {
    taken = memory.allocateAudioBuffer(100, "interrupt");
    happened = true;
  });
  board::interruptAfter(20);
  while (!happened) {
  }
  board::setTimerHandler(nullptr);
  EXPECT_TRUE(taken != nullptr);
  memory.deallocate(taken);
  for (void* block : flood) memory.deallocate(block);
}

TEST(Reserve, IsKeptInGranules) {
  void* run = memory.allocateGeneralBuffer(5 * 512, "flood");
  EXPECT_TRUE(run != nullptr);
  EXPECT_TRUE(memory.allocateGeneralBuffer(1, "flood") == nullptr);
  void* reserved = memory.allocateGeneralBuffer(3 * 512, "capture", 0, Access::reserved);
  EXPECT_TRUE(reserved != nullptr);
  memory.deallocate(reserved);
  memory.deallocate(run);
}

}  // namespace reserve_tests
}  // namespace millpond
