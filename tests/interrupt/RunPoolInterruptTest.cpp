// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "interrupt/Arrivals.h"
#include "millpond/RunPool.h"

namespace millpond {
namespace run_pool_interrupt {

using test::Named;

/// A pool, and which granules its callers hold.
template <std::uint32_t count>
class World {
 public:
  static constexpr std::uint32_t longest = count < 32 ? count : 32;

  /// The operation that is interrupted.
  void takeInterrupted(std::uint32_t length) {
    lacked_ = 0;
    wanted_ = length;
    sample();
    const std::uint32_t start = pool.take(length);
    sample();
    if (start != RunPool::none) return own(start, length);
    EXPECT_GT(lacked_, 0U) << "refused although at every moment there was room";
  }

  /// An arrival, or a preparation: nothing comes between.
  void take(std::uint32_t length) {
    if (freed_twice_) return;  // the first free of a run that is somebody else's by now cannot be told
    const bool room = hasRoom(length) && !isMoreHeldThanKnown();
    const std::uint32_t start = pool.take(length);
    if (start != RunPool::none) return own(start, length);
    EXPECT_FALSE(room) << "refused although there is room for " << length;
  }

  void give(std::uint32_t start) {
    const std::uint32_t length = length_[start];
    const bool given = pool.give(start);
    if (start == giving_) freed_twice_ = true;
    EXPECT_EQ(given, length != 0);
    if (given) disown(start);
  }
  /// As `give`, for the operation that is interrupted, maybe by a free of the same run.
  void giveInterrupted(std::uint32_t start) {
    giving_ = start;
    given_length_ = length_[start];
    const bool given = pool.give(start);
    giving_ = RunPool::none;
    if (taken_again_) {
      EXPECT_TRUE(given);
      return;
    }
    EXPECT_EQ(given, length_[start] != 0) << "of two frees of a run exactly one counts";
    if (given) disown(start);
  }

  std::uint32_t lowestHeld() const {
    std::uint32_t start = 0;
    while (start < count && (length_[start] == 0 || start == giving_)) ++start;
    return start;
  }
  std::uint32_t highestHeld() const {
    std::uint32_t start = count;
    while (start > 0 && (length_[start - 1] == 0 || start - 1 == giving_)) --start;
    return start == 0 ? count : start - 1;
  }
  std::uint32_t giving() const { return giving_; }

  void sample() {
    const test::AtomicSteps::HookScope unseen(nullptr, nullptr);
    most_ = std::max(most_, pool.inUse());
    if (wanted_ != 0 && !hasRoom(wanted_)) ++lacked_;
  }

  std::uint32_t mostHeld() const { return most_; }

  void expectConsistent() {
    std::uint32_t granules = 0;
    for (std::uint32_t start = 0; start < count; ++start) {
      ASSERT_EQ(pool.heldAt(start), length_[start]) << "granule " << start;
      granules += length_[start];
    }
    ASSERT_EQ(pool.inUse(), granules);
    if (count <= 32) {
      ASSERT_EQ(pool.peak(), most_);
    }
    for (std::uint32_t start = 0; start < count; ++start) {
      if (length_[start] != 0) {
        ASSERT_TRUE(pool.give(start));
      }
    }
    ASSERT_EQ(pool.inUse(), 0U) << "granules were lost";
    ASSERT_EQ(pool.take(longest), 0U);
  }

  StaticRunPool<16, count> pool;

 private:
  void own(std::uint32_t start, std::uint32_t length) {
    ASSERT_LE(start + length, count);
    sample();
    if (giving_ != RunPool::none && start < giving_ + given_length_ && giving_ < start + length) {
      // The run on its way back is back already.
      taken_again_ = true;
      disown(giving_);
    }
    for (std::uint32_t granule = start; granule < start + length; ++granule) {
      EXPECT_FALSE(held_[granule]) << "two owners of granule " << granule;
      held_[granule] = true;
    }
    length_[start] = length;
  }

  void disown(std::uint32_t start) {
    for (std::uint32_t granule = start; granule < start + length_[start]; ++granule) held_[granule] = false;
    length_[start] = 0;
  }

  // As the callers know it: a run on its way back counts as held.
  bool hasRoom(std::uint32_t length) const {
    for (std::uint32_t start = 0; start + length <= count; ++start) {
      const bool crosses = start / 32 != (start + length - 1) / 32;
      if (!crosses && std::none_of(&held_[start], &held_[start] + length, [](bool held) { return held; })) {
        return true;
      }
    }
    return false;
  }

  // By the operation that is interrupted, which has taken a run and not returned yet.
  bool isMoreHeldThanKnown() const {
    return pool.inUse() > static_cast<std::uint32_t>(std::count(held_.begin(), held_.end(), true));
  }

  std::array<bool, count + 1> held_{};
  std::array<std::uint32_t, count + 1> length_{};
  std::uint32_t giving_ = RunPool::none;
  std::uint32_t given_length_ = 0;
  std::uint32_t wanted_ = 0;
  unsigned lacked_ = 0;
  std::uint32_t most_ = 0;
  bool freed_twice_ = false;
  bool taken_again_ = false;
};

template <std::uint32_t count>
std::vector<Named<World<count>>> preparations() {
  using W = World<count>;
  const auto fill = [](W& world, std::uint32_t length) {
    for (std::uint32_t granules = 0; granules + length <= count; granules += length) world.take(length);
  };
  return {{"empty", [](W&) {}},
          {"full of ones", [=](W& world) { fill(world, 1); }},
          {"full of fours", [=](W& world) { fill(world, 4); }},
          {"full except the last granule",
           [=](W& world) {
             fill(world, 1);
             world.give(count - 1);
           }},
          {"full except two adjacent granules",
           [=](W& world) {
             fill(world, 1);
             world.give(4);
             world.give(5);
           }},
          {"every other granule held", [=](W& world) {
             fill(world, 1);
             for (std::uint32_t granule = 0; granule < count; granule += 2) world.give(granule);
           }}};
}

template <std::uint32_t count>
std::vector<Named<World<count>>> operations() {
  using W = World<count>;
  const auto giveIf = [](W& world, std::uint32_t start) {
    if (start < count) world.giveInterrupted(start);
  };
  return {{"take 1", [](W& world) { world.takeInterrupted(1); }},
          {"take 2", [](W& world) { world.takeInterrupted(2); }},
          {"take all", [](W& world) { world.takeInterrupted(W::longest); }},
          {"give the lowest", [=](W& world) { giveIf(world, world.lowestHeld()); }},
          {"give the highest", [=](W& world) { giveIf(world, world.highestHeld()); }}};
}

template <std::uint32_t count>
std::vector<Named<World<count>>> arrivals() {
  using W = World<count>;
  const auto giveIf = [](W& world, std::uint32_t start) {
    if (start < count) world.give(start);
    world.sample();
  };
  const auto exhaust = [](W& world) {
    for (std::uint32_t granule = 0; granule < count; ++granule) world.take(1);
  };
  const auto giveAll = [=](W& world) {
    while (world.lowestHeld() < count) giveIf(world, world.lowestHeld());
  };
  return {{"take 1", [](W& world) { world.take(1); }},
          {"take 3", [](W& world) { world.take(3); }},
          {"give the lowest", [=](W& world) { giveIf(world, world.lowestHeld()); }},
          {"give the highest", [=](W& world) { giveIf(world, world.highestHeld()); }},
          {"give the same", [=](W& world) { giveIf(world, world.giving()); }},
          {"exhaust", exhaust},
          {"give all", giveAll},
          {"give all, then exhaust",
           [=](W& world) {
             giveAll(world);
             exhaust(world);
             world.sample();
           }},
          {"take 2, then give it", [=](W& world) {
             world.take(2);
             world.sample();
             giveIf(world, world.highestHeld());
           }}};
}

template <std::uint32_t count>
void once() {
  const std::size_t runs =
      test::interruptEverywhere(preparations<count>(), operations<count>(), arrivals<count>());
  testing::Test::RecordProperty("runs", std::to_string(runs));
}

/// Of the arrivals those that change most at once, four of nine: a fifth of the pairs. The long run has all
/// of them.
template <std::uint32_t count>
std::vector<Named<World<count>>> fewArrivals() {
  std::vector<Named<World<count>>> few = arrivals<count>();
  few.erase(few.begin(), few.begin() + 5);
  return few;
}

template <std::uint32_t count>
void twice() {
  const bool all = count <= 8 || std::getenv("MILLPOND_LONG") != nullptr;
  const std::size_t runs = test::interruptTwiceEverywhere(preparations<count>(), operations<count>(),
                                                          all ? arrivals<count>() : fewArrivals<count>());
  testing::Test::RecordProperty("runs", std::to_string(runs));
}

TEST(RunPoolInterrupt, OneArrivalInAnyWindowLosesNoGranuleOf8) { once<8>(); }
TEST(RunPoolInterrupt, OneArrivalInAnyWindowLosesNoGranuleOf32) { once<32>(); }
TEST(RunPoolInterrupt, OneArrivalInAnyWindowLosesNoGranuleOf64) { once<64>(); }
TEST(RunPoolInterrupt, TwoArrivalsInAnyTwoWindowsLoseNoGranuleOf8) { twice<8>(); }
TEST(RunPoolInterrupt, TwoArrivalsInAnyTwoWindowsLoseNoGranuleOf64) { twice<64>(); }

TEST(RunPoolInterrupt, BeyondOneWordAPeakMayBeOneTooHighButIsNeverMissed) {
  using W = World<64>;
  const Named<W> take{"take", [](W& world) { world.takeInterrupted(1); }};
  const Named<W> give{"give the lowest", [](W& world) { world.give(world.lowestHeld()); }};
  for (unsigned step = 0, steps = 1; step < steps; ++step) {
    W world;
    world.take(1);
    steps = test::Interrupted<W>(world, {{step, &give}}).run(take);
    EXPECT_GE(world.pool.peak(), world.mostHeld()) << "an arrival before step " << step;
    world.expectConsistent();
  }
}

}  // namespace run_pool_interrupt
}  // namespace millpond
