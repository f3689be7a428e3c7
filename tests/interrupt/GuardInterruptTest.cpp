// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "interrupt/Arrivals.h"
#include "support/ManagerFixture.h"

namespace millpond {
namespace guard_interrupt {

/// One block that two callers free.
template <Guards guards, std::size_t granules>
class World {
 public:
  World() : block_(memory_.allocateGeneralBuffer(32 - config.fence(), "holder")) {}  // without slack
  void free() { memory_.deallocate(block_); }
  void sample() {}
  void expectConsistent() {
    const MemoryStats stats = memory_.stats();
    EXPECT_EQ(stats.general.frees, 1U);
    EXPECT_EQ(stats.general.rejected, 1U);
    EXPECT_EQ(stats.guard_violations, 0U) << "the block was never overwritten";
    test::expectAllEmpty(memory_);
  }

 private:
  static constexpr MemoryConfig config{.general_buffer_pool_size = granules,
                                       .max_heap_allocation = 0,
                                       .general_block_size = 32,
                                       .guards = guards};
  StaticMemoryManager<config> memory_;
  void* block_;
};

template <Guards guards, std::size_t granules>
void freeTwiceInEveryWindow() {
  using Step = test::Named<World<guards, granules>>;
  const auto free = [](World<guards, granules>& world) { world.free(); };
  const std::vector<Step> held{{"held", [](World<guards, granules>&) {}}};
  const std::vector<Step> first{{"free", free}};
  const std::vector<Step> second{{"the same block is freed", free}};
  EXPECT_GE((test::interruptEverywhere<World<guards, granules>>(held, first, second)), 3U);
}

TEST(GuardInterrupt, ASecondFreeInAnyWindowOfAFreeIsRefused) { freeTwiceInEveryWindow<Guards::none, 8>(); }
TEST(GuardInterrupt, ASecondFreeInAnyWindowOfAGuardedFreeIsRefused) {
  freeTwiceInEveryWindow<Guards::light, 8>();
}
TEST(GuardInterrupt, ASecondFreeInAnyWindowOfAGuardedFreeOfManyIsRefused) {
  freeTwiceInEveryWindow<Guards::light, 40>();
}
TEST(GuardInterrupt, ASecondFreeInAnyWindowOfAFencedFreeIsRefused) {
  freeTwiceInEveryWindow<Guards::fenced, 8>();
  freeTwiceInEveryWindow<Guards::fenced, 40>();
}
TEST(GuardInterrupt, ASecondFreeInAnyWindowBeforeABlockRestsIsRefused) {
  freeTwiceInEveryWindow<Guards::full, 8>();
}

}  // namespace guard_interrupt
}  // namespace millpond
