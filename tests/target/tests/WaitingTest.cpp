// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Test.h"
#include "board/Board.h"
#include "millpond/MemoryManager.h"

namespace millpond {

namespace waiting_tests {

StaticMemoryManager<MemoryConfig{.max_heap_allocation = 0}> memory;

void* lent = nullptr;

// A wake-up that is lost sleeps for ever, and the run ends by its time-out.
TEST(Waiting, EndsWhenAnInterruptGivesABlockInAnyWindow) {
  void* others = memory.allocateNetworkBuffer(1, "others");
  for (std::uint32_t delay = 0; delay < 700; ++delay) {
    lent = memory.allocateNetworkBuffer(1, "lent");
    EXPECT_TRUE(lent != nullptr);
    board::setTimerHandler([] { memory.deallocate(lent); });
    board::interruptAfter(delay);
    void* block = memory.allocateNetworkBuffer(1, "waiter", MemoryManager::wait_forever);
    EXPECT_TRUE(block == lent);
    memory.deallocate(block);
  }
  board::setTimerHandler(nullptr);
  memory.deallocate(others);
  EXPECT_EQ(memory.stats().network.in_use, 0U);
}

}  // namespace waiting_tests
}  // namespace millpond
