// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <array>
#include <optional>
#include <vector>

#include "support/ManagerFixture.h"

namespace millpond {
namespace {

class LeakWatchTest : public test::DefaultManager {
 protected:
  LeakWatchTest() {
    bus->subscribe(LeakSuspected::event, note<LeakSuspected>, EventPriority::normal, &suspected);
    bus->subscribe(LeakCleared::event, note<LeakCleared>, EventPriority::normal, &cleared);
  }
  void TearDown() override {
    bus.reset();
    test::DefaultManager::TearDown();
  }
  template <class Told>
  static void note(void* list, const Event& event) {
    static_cast<std::vector<Told>*>(list)->push_back(*event.as<Told>());
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

  /// First of all, so that nothing is taken at another clock's time.
  struct DrivenClock {
    DrivenClock() { Port::driveMicros(0); }
  } driven_clock;
  std::optional<EventBus> bus{std::in_place, memory, EventBus::Options{.capacity = EventBus::max_capacity}};
  StaticLeakWatch<MemoryConfig{}> watch{memory, &*bus};
  std::vector<LeakSuspected> suspected;
  std::vector<LeakCleared> cleared;
  std::uint64_t now_us_ = 0;
};

TEST_F(LeakWatchTest, LearnsHowLongASourceHoldsItsBlocks) {
  EXPECT_EQ(watch.usualAge("capture"), 0U);
  teach("capture", 4000);
  EXPECT_NEAR(static_cast<double>(watch.usualAge("capture")), 4000, 150);
}

TEST_F(LeakWatchTest, LearnsNothingOfMoreSourcesThanItHasRoomFor) {
  constexpr std::array sources{"a", "b", "c", "d", "e", "f", "g", "h", "one too many"};
  for (const char* source : sources) teach(source, 400);
  EXPECT_NE(watch.usualAge("h"), 0U);
  EXPECT_EQ(watch.usualAge("one too many"), 0U);
  const Buffer held = memory.audioBuffer(100, "one too many");
  EXPECT_EQ(lookAfter(0) + lookAfter(3600 * 1000), 0U) << "so its blocks are never suspected";
}

TEST_F(LeakWatchTest, PointsAtABlockFarOlderThanItsSourcesUsually) {
  teach("capture", 1000);
  void* leaked = memory.allocateAudioBuffer(77, "capture");
  std::size_t suspects = 0;
  for (int second = 0; second < 7; ++second) suspects += lookAfter(1000);
  EXPECT_EQ(suspects, 0U) << "not yet eight times as old";
  for (int second = 0; second < 5; ++second) suspects = lookAfter(1000);
  EXPECT_EQ(suspects, 1U);
  bus->processEvents(100);
  ASSERT_EQ(suspected.size(), 1U) << "each block is told once";
  EXPECT_STREQ(suspected[0].source, "capture");
  EXPECT_EQ(suspected[0].pool, PoolId::audio);
  EXPECT_EQ(suspected[0].index, 0U);
  EXPECT_EQ(suspected[0].size, 77U);
  EXPECT_EQ(suspected[0].usual_ms, watch.usualAge("capture"));
  EXPECT_NEAR(static_cast<double>(suspected[0].usual_ms), 1100, 150);
  EXPECT_NEAR(static_cast<double>(suspected[0].age_ms), 9000, 150);
  memory.deallocate(leaked);
  EXPECT_EQ(lookAfter(1000), 0U);
}

TEST_F(LeakWatchTest, TellsWhenASuspectComesBack) {
  teach("capture", 1000);
  void* suspect = memory.allocateAudioBuffer(77, "capture");
  for (int second = 0; second < 20; ++second) lookAfter(1000);
  bus->processEvents(100);
  EXPECT_TRUE(cleared.empty()) << "it is still held";
  memory.deallocate(suspect);
  for (int second = 0; second < 3; ++second) EXPECT_EQ(lookAfter(1000), 0U);
  bus->processEvents(100);
  ASSERT_EQ(suspected.size(), 1U);
  ASSERT_EQ(cleared.size(), 1U) << "once";
  EXPECT_STREQ(cleared[0].source, "capture");
  EXPECT_EQ(cleared[0].pool, PoolId::audio);
  EXPECT_EQ(cleared[0].index, 0U);
  EXPECT_TRUE(cleared[0].came_back);
  EXPECT_NEAR(static_cast<double>(cleared[0].age_ms), 21'000, 150);
}

TEST_F(LeakWatchTest, TellsWhenASuspectTurnsOutToBeUsual) {
  watch.setAge(5'000);
  void* block = memory.allocateAudioBuffer(77, "capture");
  for (int second = 0; second < 7; ++second) lookAfter(1000);
  watch.setAge(60'000);
  EXPECT_EQ(lookAfter(1000), 0U);
  bus->processEvents(100);
  ASSERT_EQ(suspected.size(), 1U);
  EXPECT_EQ(suspected[0].usual_ms, 0U) << "by hand";
  ASSERT_EQ(cleared.size(), 1U);
  EXPECT_FALSE(cleared[0].came_back);
  EXPECT_NEAR(static_cast<double>(cleared[0].age_ms), 8'000, 150);
  memory.deallocate(block);
}

TEST_F(LeakWatchTest, AnOutageAsLongAsOneBeforeIsNoAlarm) {
  for (int outage = 0; outage < 7; ++outage) {
    for (int day = 0; day < 2; ++day) {
      lookAfter(std::uint64_t{24} * 3600 * 1000);
      for (int chunk = 0; chunk < 3; ++chunk) teach("uplink", 300);
    }
    void* waiting = memory.allocateAudioBuffer(100, "uplink");
    for (int second = 0; second < 30; ++second) lookAfter(1000);
    memory.deallocate(waiting);
    lookAfter(100);
    bus->processEvents(100);
  }
  EXPECT_EQ(suspected.size(), 1U) << "the first, which nobody could know";
  EXPECT_EQ(cleared.size(), suspected.size());
}

TEST_F(LeakWatchTest, ForgetsALongLifeWithTimeAndNotWithLives) {
  teach("capture", 1000);
  void* late = memory.allocateAudioBuffer(100, "capture");
  for (int minute = 0; minute < 16; ++minute) lookAfter(60'000);
  memory.deallocate(late);
  lookAfter(1000);
  const std::uint64_t learnt = watch.usualAge("capture");
  EXPECT_NEAR(static_cast<double>(learnt), 961'000, 150);
  for (int round = 0; round < 20; ++round) teach("capture", 1000);
  EXPECT_EQ(watch.usualAge("capture"), learnt);
  for (int day = 0; day < 16; ++day) lookAfter(std::uint64_t{24} * 3600 * 1000 + 100);
  EXPECT_NEAR(static_cast<double>(watch.usualAge("capture")), static_cast<double>(learnt) * 0.356, 2000)
      << "(15 / 16)^16";
}

TEST_F(LeakWatchTest, TheGapInWhichABlockWentCountsAsItsLife) {
  for (int life = 0; life < 12; ++life) {
    void* block = memory.allocateAudioBuffer(100, "capture");
    lookAfter(100);
    memory.deallocate(block);
    lookAfter(10'000);
  }
  void* block = memory.allocateAudioBuffer(100, "capture");
  lookAfter(100);
  EXPECT_EQ(lookAfter(60'000), 0U) << "the others may have lived ten seconds";
  EXPECT_EQ(lookAfter(30'000), 1U);
  memory.deallocate(block);
}

TEST_F(LeakWatchTest, ABlockWithoutASourceIsNamedAsInReports) {
  EXPECT_EQ(watch.usualAge(nullptr), 0U);
  teach(nullptr, 1000);
  EXPECT_NE(watch.usualAge(nullptr), 0U);
  EXPECT_EQ(watch.usualAge(nullptr), watch.usualAge("?"));
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
  EXPECT_EQ(lookAfter(9'000), 0U);
  EXPECT_EQ(lookAfter(2'000), 1U);
  memory.deallocate(block);
}

TEST_F(LeakWatchTest, TheEventBusesOwnQueueIsNoSuspect) {
  watch.setAge(10'000);
  for (int minute = 0; minute < 3; ++minute) EXPECT_EQ(lookAfter(60'000), 0U);
  EXPECT_EQ(bus->queued(), 0U);
  EXPECT_EQ(test::liveBlocks(memory, 60'000).size(), 1U) << "it is listed, though";
}

TEST_F(LeakWatchTest, KnowsTheHeapsBlocksToo) {
  watch.setAge(1'000);
  void* block = memory.allocateNetworkBuffer(30'000, "large");
  lookAfter(500);
  EXPECT_EQ(lookAfter(1'000), 1U);
  memory.deallocate(block);
}

}  // namespace
}  // namespace millpond
