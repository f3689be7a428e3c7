// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Test.h"
#include "board/Board.h"
#include "millpond/MemoryManager.h"

namespace millpond {

namespace deadline_tests {

StaticMemoryManager<MemoryConfig{.max_heap_allocation = 0}> memory;

TEST(Waiting, EndsAtItsDeadline) {
  void* blocks[] = {memory.allocateNetworkBuffer(1, "a"), memory.allocateNetworkBuffer(1, "b")};
  board::setTimerHandler([] { board::interruptAfter(1000); });
  board::interruptAfter(1000);
  const std::uint64_t begin = Port::micros();
  EXPECT_TRUE(memory.allocateNetworkBuffer(1, "waiter", 20) == nullptr);
  EXPECT_GE(Port::micros() - begin, 20'000U);
  EXPECT_LE(Port::micros() - begin, 40'000U);
  board::stopTimer();
  board::setTimerHandler(nullptr);
  for (void* block : blocks) memory.deallocate(block);
}

}  // namespace deadline_tests
}  // namespace millpond
