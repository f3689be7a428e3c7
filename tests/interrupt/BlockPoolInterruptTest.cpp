// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "interrupt/Arrivals.h"
#include "millpond/BlockPool.h"

namespace millpond {
namespace block_pool_interrupt {

using test::Named;

/// A pool, and for each block how often it was taken and given back, as its callers saw it.
template <std::uint32_t count>
class World {
 public:
  /// The operation that is interrupted.
  void takeInterrupted() {
    was_full_ = isFull();
    const std::uint32_t index = pool.take();
    sample();
    if (index != BlockPool::none) return own(index);
    EXPECT_TRUE(was_full_) << "refused although at every moment a block was free";
  }

  /// An arrival, or a preparation: nothing comes between.
  void take() {
    sample();
    const std::uint32_t index = pool.take();
    if (index != BlockPool::none) return own(index);
    EXPECT_TRUE(isFull()) << "refused although a block is free";
  }

  /// Gives back a block that may be held, free, or on its way back already.
  void give(std::uint32_t index) {
    if (pool.give(index)) --balance_[index];
  }
  /// As `give`, for the operation that is interrupted.
  void giveInterrupted(std::uint32_t index) {
    giving_ = index;
    give(index);
    giving_ = BlockPool::none;
  }

  std::uint32_t lowestHeld() const {
    std::uint32_t index = 0;
    while (index < count && (balance_[index] == 0 || index == giving_)) ++index;
    return index;
  }
  std::uint32_t highestHeld() const {
    std::uint32_t index = count;
    while (index > 0 && (balance_[index - 1] == 0 || index - 1 == giving_)) --index;
    return index == 0 ? count : index - 1;
  }
  /// One that is free for everybody: not taken either by an operation that has not returned yet.
  std::uint32_t lowestFree() const {
    const test::AtomicSteps::HookScope unseen(nullptr, nullptr);
    std::uint32_t index = 0;
    while (index < count && (balance_[index] != 0 || pool.heldAt(index) != 0)) ++index;
    return index;
  }
  std::uint32_t giving() const { return giving_; }

  void sample() { was_full_ = was_full_ || isFull(); }

  bool isFull() const {
    const test::AtomicSteps::HookScope unseen(nullptr, nullptr);
    return pool.inUse() == count;
  }

  void expectConsistent() {
    std::uint32_t held = 0;
    for (std::uint32_t index = 0; index < count; ++index) {
      ASSERT_TRUE(balance_[index] == 0 || balance_[index] == 1) << "block " << index;
      ASSERT_EQ(pool.heldAt(index), static_cast<std::uint32_t>(balance_[index])) << "block " << index;
      held += pool.heldAt(index);
    }
    ASSERT_EQ(pool.inUse(), held);
    expectEveryFreeBlockIsFoundLowestFirst();
  }

  StaticBlockPool<16, count> pool;

 private:
  void own(std::uint32_t index) {
    ASSERT_LT(index, count);
    const bool on_its_way_back = index == giving_ && balance_[index] == 1;
    EXPECT_TRUE(balance_[index] == 0 || on_its_way_back) << "two owners of block " << index;
    ++balance_[index];
  }

  void expectEveryFreeBlockIsFoundLowestFirst() {
    for (std::uint32_t index = 0; index < count; ++index) {
      if (balance_[index] == 0) {
        ASSERT_EQ(pool.take(), index) << "lost, or hidden behind its summary bit";
      }
    }
    ASSERT_EQ(pool.take(), BlockPool::none);
    for (std::uint32_t index = 0; index < count; ++index) ASSERT_TRUE(pool.give(index));
    ASSERT_EQ(pool.inUse(), 0U);
  }

  std::array<int, count> balance_{};
  std::uint32_t giving_ = BlockPool::none;
  bool was_full_ = false;
};

template <std::uint32_t count>
std::vector<Named<World<count>>> preparations() {
  using W = World<count>;
  std::vector<Named<W>> all;
  for (const std::uint32_t held : {0U, 1U, 31U, 32U, 33U, count / 2, count - 1, count}) {
    if (held > count) continue;
    all.push_back({std::to_string(held) + " held", [held](W& world) {
                     for (std::uint32_t block = 0; block < held; ++block) world.take();
                   }});
  }
  for (const std::uint32_t free : {0U, 31U, count - 1}) {
    if (free >= count) continue;
    all.push_back({"only " + std::to_string(free) + " free", [free](W& world) {
                     for (std::uint32_t block = 0; block < count; ++block) world.take();
                     world.give(free);
                   }});
  }
  return all;
}

template <std::uint32_t count>
std::vector<Named<World<count>>> operations() {
  using W = World<count>;
  const auto giveIf = [](W& world, std::uint32_t index) {
    if (index < count) world.giveInterrupted(index);
  };
  return {{"take", [](W& world) { world.takeInterrupted(); }},
          {"give the lowest", [=](W& world) { giveIf(world, world.lowestHeld()); }},
          {"give the highest", [=](W& world) { giveIf(world, world.highestHeld()); }},
          {"give a free one", [=](W& world) { giveIf(world, world.lowestFree()); }}};
}

template <std::uint32_t count>
std::vector<Named<World<count>>> arrivals() {
  using W = World<count>;
  const auto giveIf = [](W& world, std::uint32_t index) {
    if (index < count) world.give(index);
    world.sample();
  };
  const auto exhaust = [](W& world) {
    while (!world.isFull() && !testing::Test::HasFailure()) world.take();
    world.take();
  };
  const auto giveAll = [=](W& world) {
    while (world.lowestHeld() < count) giveIf(world, world.lowestHeld());
  };
  return {{"take", [](W& world) { world.take(); }},
          {"give the lowest", [=](W& world) { giveIf(world, world.lowestHeld()); }},
          {"give the highest", [=](W& world) { giveIf(world, world.highestHeld()); }},
          {"give the same", [=](W& world) { giveIf(world, world.giving()); }},
          {"give a free one", [=](W& world) { giveIf(world, world.lowestFree()); }},
          {"exhaust", exhaust},
          {"give all", giveAll},
          {"exhaust, then give all",
           [=](W& world) {
             exhaust(world);
             giveAll(world);
           }},
          {"take, then give it",
           [=](W& world) {
             const std::uint32_t next = world.lowestFree();
             world.take();
             giveIf(world, next);
           }},
          {"give the lowest, then take", [=](W& world) {
             giveIf(world, world.lowestHeld());
             world.take();
           }}};
}

template <std::uint32_t count>
void once() {
  const std::size_t runs =
      test::interruptEverywhere(preparations<count>(), operations<count>(), arrivals<count>());
  testing::Test::RecordProperty("runs", std::to_string(runs));
}

template <std::uint32_t count>
void twice() {
  const std::size_t runs =
      test::interruptTwiceEverywhere(preparations<count>(), operations<count>(), arrivals<count>());
  testing::Test::RecordProperty("runs", std::to_string(runs));
}

TEST(BlockPoolInterrupt, OneArrivalInAnyWindowLosesNoBlockOf4) { once<4>(); }
TEST(BlockPoolInterrupt, OneArrivalInAnyWindowLosesNoBlockOf32) { once<32>(); }
TEST(BlockPoolInterrupt, OneArrivalInAnyWindowLosesNoBlockOf33) { once<33>(); }
TEST(BlockPoolInterrupt, OneArrivalInAnyWindowLosesNoBlockOf64) { once<64>(); }
TEST(BlockPoolInterrupt, OneArrivalInAnyWindowLosesNoBlockOf1024) { once<1024>(); }
TEST(BlockPoolInterrupt, TwoArrivalsInAnyTwoWindowsLoseNoBlockOf4) { twice<4>(); }
TEST(BlockPoolInterrupt, TwoArrivalsInAnyTwoWindowsLoseNoBlockOf33) { twice<33>(); }
TEST(BlockPoolInterrupt, TwoArrivalsInAnyTwoWindowsLoseNoBlockOf64) { twice<64>(); }

}  // namespace block_pool_interrupt
}  // namespace millpond
