// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <optional>

#include "support/ManagerFixture.h"

namespace millpond {
namespace {

class LeakWatchTest : public test::DefaultManager {
 protected:
  LeakWatchTest() { Port::driveMicros(0); }
  void TearDown() override {
    bus.reset();
    test::DefaultManager::TearDown();
  }
  std::size_t lookAfter(std::uint64_t ms) {
    Port::driveMicros(now_us_ += ms * 1000);
    return watch.poll();
  }
  /// Lets `source` hold blocks of `ms` each, often enough to be known by it.
  void teach(const char* source, std::uint64_t ms) {
    for (int life = 0; life < 12; ++life) {
      void* block = memory.allocateAudioBuffer(100, source);
      for (int look = 0; look < 4; ++look) lookAfter(ms / 4);
      memory.deallocate(block);
      lookAfter(100);
    }
  }

  std::optional<EventBus> bus{std::in_place, memory};
  StaticLeakWatch<MemoryConfig{}> watch{memory, &*bus};
  std::uint64_t now_us_ = 0;
};

TEST_F(LeakWatchTest, LearnsHowLongASourceHoldsItsBlocks) {
  EXPECT_EQ(watch.usualAge("capture"), 0U);
  teach("capture", 4000);
  EXPECT_NEAR(static_cast<double>(watch.usualAge("capture")), 4000, 150);
}

TEST_F(LeakWatchTest, PointsAtABlockFarOlderThanItsSourcesUsually) {
  static LeakSuspected told;
  static int times;
  times = 0;
  bus->subscribe(
      LeakSuspected::event,
      [](void*, const Event& event) {
        told = *event.as<LeakSuspected>();
        ++times;
      },
      EventPriority::normal, nullptr);
  teach("capture", 1000);
  void* leaked = memory.allocateAudioBuffer(77, "capture");
  std::size_t suspects = 0;
  for (int second = 0; second < 7; ++second) suspects += lookAfter(1000);
  EXPECT_EQ(suspects, 0U) << "not yet eight times as old";
  for (int second = 0; second < 5; ++second) suspects = lookAfter(1000);
  EXPECT_EQ(suspects, 1U);
  bus->processEvents(100);
  EXPECT_EQ(times, 1) << "each block is told once";
  EXPECT_STREQ(told.source, "capture");
  EXPECT_EQ(told.size, 77U);
  memory.deallocate(leaked);
  EXPECT_EQ(lookAfter(1000), 0U);
}

TEST_F(LeakWatchTest, ASourceThatHoldsLongIsNotSuspected) {
  void* queue = memory.allocateNetworkBuffer(100, "for ever");
  teach("capture", 1000);
  std::size_t suspects = 0;
  for (int minute = 0; minute < 100; ++minute) suspects += lookAfter(60'000);
  EXPECT_EQ(suspects, 0U) << "it taught nothing";
  memory.deallocate(queue);
}

TEST_F(LeakWatchTest, AnAgeSetByHandHoldsForAll) {
  watch.setAge(10'000);
  void* block = memory.allocateNetworkBuffer(100, "for ever");
  EXPECT_EQ(lookAfter(9'000), 1U) << "the event bus's own queue is older";
  EXPECT_EQ(lookAfter(2'000), 2U);
  memory.deallocate(block);
}

TEST_F(LeakWatchTest, KnowsTheHeapsBlocksToo) {
  watch.setAge(1'000);
  void* block = memory.allocateNetworkBuffer(30'000, "large");
  lookAfter(500);
  EXPECT_EQ(lookAfter(1'000), 2U);
  memory.deallocate(block);
}

}  // namespace
}  // namespace millpond
