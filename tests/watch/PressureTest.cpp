// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <memory>
#include <utility>

#include "support/ManagerFixture.h"

namespace millpond {
namespace {

constexpr MemoryConfig network_reclaimable{.network_reclaimable = true};

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
  StaticMemoryManager<network_reclaimable> memory{heap.heap()};
  EventBus bus{memory, {.capacity = EventBus::max_capacity}};
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

TEST_F(PressureTest, OnlyAPollWalksThroughTheHeap) {
  heap.setLargest(17'407);
  const std::size_t walks = heap.walks();
  memory.deallocate(memory.allocateAudioBuffer(5000, "large"));
  EXPECT_EQ(heap.walks(), walks);
  EXPECT_EQ(pressure.level(), PressureLevel::normal);
  EXPECT_EQ(pressure.poll(), PressureLevel::critical);
  EXPECT_GT(heap.walks(), walks);
}

TEST_F(PressureTest, FallsOnlyPastTheHysteresisAndAfterCalm) {
  after(1, 39'000);
  EXPECT_EQ(after(5000, 43'999), PressureLevel::warning) << "within the hysteresis";
  EXPECT_EQ(after(1, 44'000), PressureLevel::warning) << "not calm for long";
  EXPECT_EQ(after(999, 44'000), PressureLevel::warning);
  EXPECT_EQ(after(1, 44'000), PressureLevel::normal);
}

TEST_F(PressureTest, AClockThatIsSetBackMakesItFallLaterAndNotAtOnce) {
  after(60'000, 39'000);
  EXPECT_EQ(after(1, 60'000), PressureLevel::warning);
  now_us_ -= 2'000'000;
  EXPECT_EQ(after(1000, 60'000), PressureLevel::warning) << "a second before it began";
  EXPECT_EQ(after(999, 60'000), PressureLevel::warning);
  EXPECT_EQ(after(1, 60'000), PressureLevel::normal) << "a second of calm by the clock as it is now";
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

TEST_F(PressureTest, WhatChangesWhileTheHeapAnswersIsSeenAtOnce) {
  // The heap answers what it had before another task took most of it, in the midst of the first look.
  heap.setOnAsk(nullptr, [&] {
    heap.setOnAsk(nullptr, nullptr);
    heap.setFree(10'000);
    memory.deallocate(memory.allocateAudioBuffer(5000, "another task"));
  });
  EXPECT_EQ(pressure.poll(), PressureLevel::critical);
}

TEST_F(PressureTest, AsksTheHeapOnceMoreForAllThatComeMeanwhile) {
  int asked = 0;
  heap.setOnAsk(
      [&] {
        if (++asked == 1)
          for (int come = 0; come < 3; ++come) pressure.poll();
      },
      nullptr);
  memory.deallocate(memory.allocateAudioBuffer(5000, "large"));
  heap.setOnAsk(nullptr, nullptr);
  EXPECT_EQ(asked, 4) << "exhausted and once more for the three; fallback; heap changed";
}

constexpr MemoryConfig twentieths{.audio_buffer_pool_size = 10,
                                  .network_buffer_pool_size = 6,
                                  .general_buffer_pool_size = 4,
                                  .audio_block_size = 512,
                                  .network_block_size = 512,
                                  .general_block_size = 512,
                                  .pressure_calm_ms = 0};

TEST(Pressure, APoolLevelLeavesAtItsHysteresisToTheBlock) {
  test::TestHeap heap;
  StaticMemoryManager<twentieths> memory(heap.heap());
  Pressure pressure(memory);
  std::vector<Buffer> held;
  const auto levelWith = [&](std::size_t blocks) {
    while (held.size() > blocks) held.pop_back();
    while (held.size() < blocks) {
      held.push_back(held.size() < 10   ? memory.audioBuffer(1, "a")
                     : held.size() < 16 ? memory.networkBuffer(1, "n")
                                        : memory.generalBuffer(1, "g"));
    }
    return pressure.poll();
  };
  EXPECT_EQ(levelWith(18), PressureLevel::normal) << "90 percent";
  EXPECT_EQ(levelWith(19), PressureLevel::warning);
  EXPECT_EQ(levelWith(18), PressureLevel::warning) << "left below 90 percent only";
  EXPECT_EQ(levelWith(20), PressureLevel::critical);
  EXPECT_EQ(levelWith(19), PressureLevel::critical) << "left below 95 percent only";
  EXPECT_EQ(levelWith(18), PressureLevel::warning) << "as wide as the limits are apart, and no wider";
  EXPECT_EQ(levelWith(17), PressureLevel::normal);
}

TEST(Pressure, BlocksThatRestAreNobodys) {
  constexpr MemoryConfig two{
      .audio_buffer_pool_size = 2, .general_buffer_pool_size = 1, .guards = Guards::full};
  test::TestHeap heap;
  StaticMemoryManager<two> memory(heap.heap());
  Pressure pressure(memory);
  {
    std::vector<Buffer> held;
    for (int block = 0; block < 2; ++block) held.push_back(memory.audioBuffer(1, "a"));
    for (int block = 0; block < 2; ++block) held.push_back(memory.networkBuffer(1, "n"));
    EXPECT_EQ(memory.occupancy().held, 2 * (two.audio_block_size + two.network_block_size + 2 * two.fence()));
  }
  EXPECT_EQ(memory.occupancy().held, 0U);
  EXPECT_EQ(pressure.poll(), PressureLevel::normal);
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

TEST_F(PressureTest, GivingAPoolBackNeverRaisesTheLevelOfTheOthers) {
  std::vector<Buffer> held;
  for (int block = 0; block < 4; ++block) held.push_back(memory.audioBuffer(4096, "capture"));
  held.push_back(
      memory.generalBuffer(2048, "session"));  // with the event queue all that is not the network's
  after(1, 15'000);
  EXPECT_TRUE(memory.stats().network.released);
  after(1, 90'000);
  EXPECT_EQ(after(1000, 90'000), PressureLevel::normal) << "the heap has recovered";
  after(5000, 90'000);
  EXPECT_FALSE(memory.stats().network.released);
  EXPECT_EQ(pressure.releases(), 1U);
}

TEST_F(PressureTest, PoolsGivenBackByHandAreNotTakenAgainByTheNextPoll) {
  after(1, 100'000);
  after(4999, 100'000);
  pressure.emergencyCleanup();
  after(1, 100'000);
  EXPECT_TRUE(memory.stats().network.released) << "normal for five seconds, but not since the cleanup";
  after(5000, 100'000);
  EXPECT_FALSE(memory.stats().network.released);
}

TEST_F(PressureTest, PoolsAreNotTakenAgainWhereThatWouldLeaveNoLargeHole) {
  after(1, 15'000);
  after(1, 90'000);
  after(1000, 90'000);
  heap.setLargest(26'623);
  after(1, 90'000);
  const std::size_t asked = heap.allocations();
  for (int second = 0; second < 20; ++second) after(1000, 90'000);
  EXPECT_TRUE(memory.stats().network.released) << "warning begins below 24576, and ends from 26624 on";
  EXPECT_LE(heap.allocations() - asked, 4U) << "tried every five seconds, not in every poll";
  EXPECT_EQ(pressure.reacquires(), 0U);
  heap.setLargest(26'624);
  after(5000, 90'000);
  EXPECT_FALSE(memory.stats().network.released);
}

TEST_F(PressureTest, AReclaimerIsRegisteredOnceAndWithOneMonitor) {
  Giver giver("giver", 0, heap, 7);
  test::TestHeap other_heap;
  StaticMemoryManager<network_reclaimable> other_memory(other_heap.heap());
  Pressure other(other_memory);
  EXPECT_TRUE(pressure.add(giver.reclaimer));
  EXPECT_FALSE(pressure.add(giver.reclaimer));
  EXPECT_FALSE(other.add(giver.reclaimer));
  EXPECT_EQ(pressure.emergencyCleanup().items[0].bytes, 7U) << "and does not hang";
  EXPECT_EQ(giver.reclaimer.runs(), 1U);
  EXPECT_FALSE(other.remove(giver.reclaimer));
  EXPECT_TRUE(pressure.remove(giver.reclaimer));
  EXPECT_FALSE(pressure.remove(giver.reclaimer)) << "it is not there any more";
  EXPECT_TRUE(other.add(giver.reclaimer));
  EXPECT_TRUE(other.remove(giver.reclaimer));
  Reclaimer nothing("nothing", 0, 0, nullptr, nullptr);
  EXPECT_FALSE(pressure.add(nothing));
}

TEST_F(PressureTest, ASecondMonitorOfAManagerIsNoneAndLeavesTheFirst) {
  {
    Pressure second(memory, &bus);
    EXPECT_TRUE(pressure.ready());
    EXPECT_FALSE(second.ready());
    heap.setFree(10'000);
    EXPECT_EQ(second.poll(), PressureLevel::normal);
    Giver giver("giver", 0, heap, 7);
    EXPECT_FALSE(second.add(giver.reclaimer));
    EXPECT_EQ(second.emergencyCleanup().bytes, 0U);
    EXPECT_FALSE(memory.stats().network.released);
  }
  memory.deallocate(memory.allocateAudioBuffer(5000, "large"));
  EXPECT_EQ(pressure.level(), PressureLevel::critical) << "the first is told as before";
}

TEST_F(PressureTest, MoreReclaimersThanAReportHasRoomForAllRunAndCount) {
  std::vector<std::unique_ptr<Giver>> givers;
  for (int giver = 0; giver < 10; ++giver) {
    givers.push_back(std::make_unique<Giver>("giver", 0, heap, 1));
    EXPECT_TRUE(pressure.add(givers.back()->reclaimer));
  }
  const CleanupReport report = pressure.emergencyCleanup();
  EXPECT_EQ(report.count, 8U);
  EXPECT_EQ(report.bytes, 10U + 40960U) << "the pools too, which no item is left for";
  for (const auto& giver : givers) {
    EXPECT_EQ(giver->reclaimer.runs(), 1U);
    EXPECT_TRUE(pressure.remove(giver->reclaimer));
  }
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
