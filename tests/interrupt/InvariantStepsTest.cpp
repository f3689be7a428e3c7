// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
//
// The invariants that are about atomic steps.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "millpond.h"
#include "support/ManagerFixture.h"

namespace millpond {
namespace invariant_steps {

using test::AtomicSteps;

struct Cost {
  unsigned steps;
  unsigned read_modify_writes;
  auto operator<=>(const Cost&) const = default;
};

template <class Operation>
Cost costOf(Operation operation) {
  AtomicSteps::restart();
  operation();
  return {AtomicSteps::steps(), AtomicSteps::readModifyWrites()};
}

struct Costs {
  unsigned most_steps = 0;
  unsigned most_read_modify_writes = 0;
  void add(const Cost& cost) {
    most_steps = std::max(most_steps, cost.steps);
    most_read_modify_writes = std::max(most_read_modify_writes, cost.read_modify_writes);
  }
};

// Of every take and every give while a pool fills up and empties again, in both directions.
template <std::uint32_t count>
std::pair<Costs, Costs> costsOfBlockPool() {
  StaticBlockPool<16, count> pool;
  Costs take;
  Costs give;
  for (const bool from_the_top : {false, true}) {
    for (std::uint32_t block = 0; block < count; ++block) take.add(costOf([&] { pool.take(); }));
    for (std::uint32_t block = 0; block < count; ++block) {
      give.add(costOf([&] { pool.give(from_the_top ? count - 1 - block : block); }));
    }
  }
  EXPECT_EQ(pool.inUse(), 0U);
  return {take, give};
}

TEST(Invariant, I3_ConstantTime) {
  const auto [take_4, give_4] = costsOfBlockPool<4>();
  const auto [take_32, give_32] = costsOfBlockPool<32>();
  EXPECT_EQ(take_4.most_steps, take_32.most_steps);
  EXPECT_EQ(give_4.most_steps, give_32.most_steps);
  const auto [take_33, give_33] = costsOfBlockPool<33>();
  const auto [take_1024, give_1024] = costsOfBlockPool<1024>();
  EXPECT_EQ(take_33.most_steps, take_1024.most_steps) << "the summary makes 32 words as quick as two";
  EXPECT_EQ(give_33.most_steps, give_1024.most_steps);
  // Two of a take's steps and one of a give's read whether the pool is used in the plain way.
  EXPECT_LE(take_1024.most_steps, 7U);
  EXPECT_LE(give_1024.most_steps, 4U);
}

// A granule pool searches its words, so its bound is in words; within one it does not depend on the fill.
TEST(Invariant, I3_ConstantTimeOfRuns) {
  StaticRunPool<16, 32> pool;
  const Cost first = costOf([&] { pool.take(1); });
  for (std::uint32_t granule = 1; granule < 32; ++granule) {
    EXPECT_EQ(costOf([&] { pool.take(1); }), first) << granule;
  }
  const Cost give = costOf([&] { pool.give(0); });
  for (std::uint32_t granule = 1; granule < 32; ++granule) {
    EXPECT_EQ(costOf([&] { pool.give(granule); }), give) << granule;
  }
  const Cost again = costOf([&] { pool.take(1); });
  for (std::uint32_t length = 2; length <= 31; ++length) {
    ASSERT_TRUE(pool.give(0));
    EXPECT_EQ(costOf([&] { pool.take(length); }), again) << "a run of " << length;
  }
  EXPECT_TRUE(pool.give(0));
  EXPECT_EQ(pool.inUse(), 0U);
}

TEST(Invariant, I5_OneAtomicReadModifyWriteForABlockOfUpTo32) {
  StaticBlockPool<16, 32> pool;
  for (std::uint32_t block = 0; block < 32; ++block) {
    EXPECT_EQ(costOf([&] { pool.take(); }).read_modify_writes, 1U);
  }
  EXPECT_EQ(costOf([&] { pool.take(); }).read_modify_writes, 0U) << "an empty pool is only looked at";
  for (std::uint32_t block = 0; block < 32; ++block) {
    EXPECT_EQ(costOf([&] { pool.give(block); }).read_modify_writes, 1U);
    EXPECT_LE(costOf([&] { pool.give(block); }).read_modify_writes, 1U) << "a second free";
  }
}

TEST(Invariant, I5_AtMostTwoAtomicReadModifyWritesBeyond32Blocks) {
  const auto [take, give] = costsOfBlockPool<1024>();
  EXPECT_EQ(take.most_read_modify_writes, 2U);
  EXPECT_EQ(give.most_read_modify_writes, 2U);
}

TEST(Invariant, I5_OneForARunAndTwoForItsFree) {
  StaticRunPool<16, 8> pool;
  EXPECT_LE(costOf([&] { pool.take(8); }).read_modify_writes, 2U) << "the second raises the peak";
  EXPECT_EQ(costOf([&] { pool.give(0); }).read_modify_writes, 2U);
  for (const std::uint32_t length : {1U, 3U, 8U}) {
    EXPECT_EQ(costOf([&] { pool.take(length); }).read_modify_writes, 1U);
    EXPECT_EQ(costOf([&] { pool.give(0); }).read_modify_writes, 2U);
  }
  EXPECT_EQ(costOf([&] { pool.give(0); }).read_modify_writes, 0U) << "a second free is only looked at";
}

class InvariantSteps : public test::DefaultManager {};

TEST_F(InvariantSteps, I5_TheManagersAccountingAddsNoReadModifyWriteToAPools) {
  for (int round = 0; round < 3; ++round) {
    for (const bool audio : {true, false}) {
      void* block = nullptr;
      EXPECT_EQ(costOf([&] {
                  block = audio ? memory.allocateAudioBuffer(100, "a") : memory.allocateNetworkBuffer(9, "n");
                }).read_modify_writes,
                1U);
      EXPECT_EQ(costOf([&] { memory.deallocate(block); }).read_modify_writes, 1U);
    }
    void* run = nullptr;
    EXPECT_LE(costOf([&] { run = memory.allocateGeneralBuffer(700, "g"); }).read_modify_writes,
              round == 0 ? 2U : 1U);
    EXPECT_EQ(costOf([&] { memory.deallocate(run); }).read_modify_writes, 2U);
    EXPECT_EQ(costOf([&] { const Buffer handle = memory.audioBuffer(100, "a"); }).read_modify_writes, 2U)
        << "one to take, one to give back";
  }
}

// Which behind its last byte has nothing to look at.
TEST_F(InvariantSteps, I5_ARunThatFillsItsGranulesTakesTheQuickFree) {
  const auto stepsOfAFree = [this](std::size_t size) {
    void* run = memory.allocateGeneralBuffer(size, "g");
    return costOf([&] { memory.deallocate(run); }).steps;
  };
  const unsigned quick = stepsOfAFree(100);
  for (const std::size_t granules : {1U, 2U, 3U, 8U}) {
    EXPECT_EQ(stepsOfAFree(granules * 512), quick) << granules;
    EXPECT_EQ(stepsOfAFree(granules * 512 - 1), quick) << granules;
  }
  EXPECT_EQ(memory.stats().guard_violations, 0U);
}

TEST_F(InvariantSteps, I5_LookingTakesNoReadModifyWrite) {
  EXPECT_EQ(costOf([&] {
              static_cast<void>(memory.stats());
              static_cast<void>(test::liveBlocks(memory));
            }).read_modify_writes,
            0U);
}

// I6, interrupt-safe and lock-free, is what all of interrupt/ shows: an operation that is interrupted
// between any two of its steps neither harms nor delays the one that interrupts it. That it never waits:
TEST_F(InvariantSteps, I6_AnInterruptIsServedInTheMiddleOfAnyOperation) {
  struct Middle {
    MemoryManager& memory;
    unsigned served = 0;
  } middle{memory};
  void* block = nullptr;
  {
    const AtomicSteps::HookScope hook(
        [](void* context) {
          auto& self = *static_cast<Middle*>(context);
          if (self.served == 1000) return;  // lets an operation end that wrongly waits for it
          const Port::InterruptScope in_interrupt;
          void* mine = self.memory.allocateNetworkBuffer(64, "isr");
          if (mine != nullptr) ++self.served;
          self.memory.deallocate(mine);
        },
        &middle);
    block = memory.allocateAudioBuffer(64, "task");
    memory.deallocate(block);
    block = memory.allocateGeneralBuffer(700, "task");
    memory.deallocate(block);
  }
  EXPECT_NE(block, nullptr);
  EXPECT_GT(middle.served, 10U);
  EXPECT_LT(middle.served, 1000U);
  EXPECT_EQ(memory.stats().network.allocations, middle.served);
}

}  // namespace invariant_steps
}  // namespace millpond
