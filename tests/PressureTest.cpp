// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "support/ManagerFixture.h"

namespace millpond {
namespace {

constexpr MemoryConfig config{.network_reclaimable = true};

/// A pressure monitor whose time and heap the test drives.
class PressureTest : public testing::Test {
 public:
  PressureTest() {
    Port::driveMicros(0);
    heap.setFree(100'000);
    heap.setLargest(60'000);
    for (const EventId id : {PressureChanged::event, Reclaimed::event, PoolsMoved::event}) {
      bus.subscribe(id, hear, EventPriority::normal, this);
    }
  }
  ~PressureTest() override { Port::driveTicks(0); }

  PressureLevel after(std::uint64_t ms, std::size_t free_bytes) {
    Port::driveMicros(now_us_ += ms * 1000);
    heap.setFree(free_bytes);
    const PressureLevel level = pressure.poll();
    bus.processEvents(100);
    return level;
  }

  static void hear(void* self, const Event& event) {
    auto& test = *static_cast<PressureTest*>(self);
    if (event.id() == PressureChanged::event) test.said.push_back(levelName(event.as<PressureChanged>()->to));
    if (event.id() == Reclaimed::event) test.said.push_back(event.as<Reclaimed>()->name);
    if (event.id() == PoolsMoved::event)
      test.said.push_back(event.as<PoolsMoved>()->released ? "given" : "taken");
  }

  test::TestHeap heap;
  StaticMemoryManager<config> memory{heap.heap()};
  EventBus bus{memory};
  Pressure pressure{memory, &bus};
  std::vector<std::string> said;
  std::uint64_t now_us_ = 0;
};

TEST_F(PressureTest, FollowsTheThresholdsOfTheDecision) {
  EXPECT_EQ(after(1, 40'000), PressureLevel::normal);
  EXPECT_EQ(after(1, 39'999), PressureLevel::warning);
  EXPECT_EQ(after(1, 20'000), PressureLevel::warning);
  EXPECT_EQ(after(1, 19'999), PressureLevel::critical);
}

TEST_F(PressureTest, TheLargestFreeBlockCountsWhateverIsFree) {
  heap.setLargest(24'575);
  EXPECT_EQ(after(1, 100'000), PressureLevel::warning);
  heap.setLargest(17'407);
  EXPECT_EQ(after(1, 100'000), PressureLevel::critical);
}

TEST_F(PressureTest, FullPoolsCountToo) {
  std::vector<Buffer> held;
  for (int block = 0; block < 4; ++block) held.push_back(memory.audioBuffer(1, "a"));
  for (int block = 0; block < 2; ++block) held.push_back(memory.networkBuffer(1, "n"));
  EXPECT_EQ(after(1, 100'000), PressureLevel::warning) << "59392 of 61440 bytes are 96 percent";
  held.push_back(memory.generalBuffer(4 * 512, "g"));
  EXPECT_EQ(after(1, 100'000), PressureLevel::critical);
}

TEST_F(PressureTest, FallsOnlyPastTheHysteresisAndAfterCalm) {
  after(1, 39'000);
  EXPECT_EQ(after(5000, 43'999), PressureLevel::warning) << "within the hysteresis";
  EXPECT_EQ(after(1, 44'000), PressureLevel::warning) << "not calm for long";
  EXPECT_EQ(after(999, 44'000), PressureLevel::warning);
  EXPECT_EQ(after(1, 44'000), PressureLevel::normal);
}

TEST_F(PressureTest, NoiseAroundALimitIsOneEvent) {
  for (int spike = 0; spike < 50; ++spike) after(10, spike % 2 == 0 ? 39'000 : 60'000);
  EXPECT_EQ(said, std::vector<std::string>{"warning"});
}

TEST_F(PressureTest, RisesWhereMemoryChangesWithoutAPoll) {
  heap.setFree(10'000);
  EXPECT_EQ(pressure.level(), PressureLevel::normal);
  memory.deallocate(memory.allocateAudioBuffer(5000, "large"));
  EXPECT_EQ(pressure.level(), PressureLevel::critical);
}

/// A reclaimer that gives what it has, once, and says when it ran.
struct Giver {
  Giver(const char* name, std::uint8_t priority, test::TestHeap& from, std::size_t gives)
      : heap(from), bytes(gives), reclaimer(name, priority, gives, run, this) {}
  static std::size_t run(void* self, PressureLevel) {
    auto& giver = *static_cast<Giver*>(self);
    giver.heap.setFree(giver.heap.heap().freeBytes(giver.heap.heap().context) + giver.bytes);
    return std::exchange(giver.bytes, 0);
  }
  test::TestHeap& heap;
  std::size_t bytes;
  Reclaimer reclaimer;
};

TEST_F(PressureTest, ReclaimersRunInOrderUntilTheLevelFalls) {
  Giver last("last", 2, heap, 50'000);
  Giver second("second", 1, heap, 10'000);
  Giver first("first", 1, heap, 1'000);
  pressure.add(last.reclaimer);
  pressure.add(first.reclaimer);
  pressure.add(second.reclaimer);
  after(1, 39'000);
  EXPECT_EQ(said, (std::vector<std::string>{"warning", "first", "second"}));
  EXPECT_EQ(first.reclaimer.yielded(), 1'000U);
  EXPECT_EQ(second.reclaimer.runs(), 1U);
  EXPECT_EQ(last.reclaimer.runs(), 0U);
  for (Giver* giver : {&first, &second, &last}) pressure.remove(giver->reclaimer);
}

TEST_F(PressureTest, AtCriticalIdlePoolsAreGivenBackAndTakenAgainAfterCalm) {
  after(1, 19'000);
  EXPECT_EQ(said, (std::vector<std::string>{"critical", "given"}));
  EXPECT_EQ(pressure.releases(), 1U);
  EXPECT_TRUE(memory.stats().network.released);
  said.clear();
  after(10, 90'000);
  after(1000, 90'000);
  EXPECT_EQ(pressure.level(), PressureLevel::normal);
  after(4999, 90'000);
  EXPECT_TRUE(memory.stats().network.released);
  after(1, 90'000);
  EXPECT_FALSE(memory.stats().network.released);
  EXPECT_EQ(said, (std::vector<std::string>{"normal", "taken"}));
}

TEST_F(PressureTest, AnInterruptDoesNotRunReclaimers) {
  Giver giver("giver", 0, heap, 1);
  pressure.add(giver.reclaimer);
  heap.setFree(10'000);
  {
    const Port::InterruptScope interrupt;
    pressure.poll();
    EXPECT_EQ(pressure.emergencyCleanup().count, 0U);
  }
  EXPECT_EQ(giver.reclaimer.runs(), 0U);
  pressure.poll();
  EXPECT_EQ(giver.reclaimer.runs(), 1U);
  pressure.remove(giver.reclaimer);
}

TEST_F(PressureTest, AReclaimerMayAllocatePollAndEndItsOwnRegistration) {
  struct Busy {
    PressureTest& test;
    Reclaimer reclaimer{"busy", 0, 0, run, this};
    static std::size_t run(void* self, PressureLevel) {
      auto& busy = *static_cast<Busy*>(self);
      busy.test.memory.deallocate(busy.test.memory.allocateAudioBuffer(5000, "busy"));
      busy.test.pressure.poll();
      busy.test.pressure.remove(busy.reclaimer);
      return 5;
    }
  } busy{*this};
  pressure.add(busy.reclaimer);
  after(1, 10'000);
  after(5000, 10'000);
  EXPECT_EQ(busy.reclaimer.runs(), 1U);
}

TEST_F(PressureTest, AReclaimerThatRegistersItselfAnewRunsOnceARound) {
  struct Eager {
    PressureTest& test;
    Reclaimer reclaimer{"eager", 0, 0, run, this};
    static std::size_t run(void* self, PressureLevel) {
      auto& eager = *static_cast<Eager*>(self);
      if (eager.reclaimer.runs() < 9) {
        eager.test.pressure.remove(eager.reclaimer);
        eager.test.pressure.add(eager.reclaimer);
      }
      return 0;
    }
  } eager{*this};
  pressure.add(eager.reclaimer);
  pressure.emergencyCleanup();
  EXPECT_EQ(eager.reclaimer.runs(), 1U);
  pressure.emergencyCleanup();
  EXPECT_EQ(eager.reclaimer.runs(), 2U);
  pressure.remove(eager.reclaimer);
}

TEST_F(PressureTest, EmergencyCleanupByHandSaysWhoFreedWhat) {
  Giver backlog("backlog", 0, heap, 700);
  pressure.add(backlog.reclaimer);
  const CleanupReport report = pressure.emergencyCleanup();
  EXPECT_EQ(report.bytes, 700U + 40960U);
  ASSERT_EQ(report.count, 2U);
  EXPECT_STREQ(report.items[0].name, "backlog");
  EXPECT_EQ(report.items[1].bytes, 40960U);
  pressure.remove(backlog.reclaimer);
}

TEST_F(PressureTest, TellsTheBusOfExhaustionFallbackAndRefusedFrees) {
  static std::vector<EventId> heard;
  heard.clear();
  for (const EventId id : {memory_events::exhausted, memory_events::fallback, memory_events::rejected_free}) {
    bus.subscribe(
        id, [](void*, const Event& event) { heard.push_back(event.id()); }, EventPriority::low, nullptr);
  }
  void* large = memory.allocateAudioBuffer(5000, "large");
  memory.deallocate(large);
  memory.deallocate(large);
  bus.processEvents(100);
  EXPECT_EQ(heard,
            (std::vector{memory_events::rejected_free, memory_events::exhausted, memory_events::fallback}));
}

}  // namespace
}  // namespace millpond
