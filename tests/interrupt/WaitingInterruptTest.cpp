// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "interrupt/Arrivals.h"
#include "support/ManagerFixture.h"

namespace millpond {
namespace waiting_interrupt {

/// A holder of the only block, and a task that starts to wait for it while it is freed.
template <Guards guards>
class World {
 public:
  void allocate() { block_ = memory_.allocateNetworkBuffer(8, "holder"); }
  void free() { memory_.deallocate(block_); }
  void wait() {
    waiter_ = std::thread([this] {
      void* block = memory_.allocateNetworkBuffer(8, "waiter", 2000);
      served_ = block != nullptr;
      memory_.deallocate(block);
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(10));  // until it is almost asleep
  }
  void sample() {}
  void expectConsistent() {
    if (waiter_.joinable()) waiter_.join();
    EXPECT_TRUE(served_) << "the wake-up is lost";
  }

 private:
  static constexpr MemoryConfig config{
      .network_buffer_pool_size = 1, .max_heap_allocation = 0, .network_block_size = 16, .guards = guards};
  StaticMemoryManager<config> memory_;
  void* block_ = nullptr;
  std::thread waiter_;
  bool served_ = false;
};

template <Guards guards>
void waitInEveryWindow() {
  using Step = test::Named<World<guards>>;
  const std::vector<Step> held{{"held", [](World<guards>& world) { world.allocate(); }}};
  const std::vector<Step> free{{"free", [](World<guards>& world) { world.free(); }}};
  const std::vector<Step> wait{{"a task waits", [](World<guards>& world) { world.wait(); }}};
  EXPECT_GE(test::interruptEverywhere<World<guards>>(held, free, wait), 2U);
}

TEST(WaitingInterrupt, WhoComesInAnyWindowOfAFreeIsServed) { waitInEveryWindow<Guards::none>(); }
TEST(WaitingInterrupt, WhoComesInAnyWindowOfAGuardedFreeIsServed) { waitInEveryWindow<Guards::light>(); }
TEST(WaitingInterrupt, WhoComesInAnyWindowBeforeABlockRestsIsServed) { waitInEveryWindow<Guards::full>(); }

}  // namespace waiting_interrupt
}  // namespace millpond
