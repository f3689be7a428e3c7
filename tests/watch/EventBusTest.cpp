// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <array>
#include <cstring>
#include <optional>
#include <thread>

#include "support/ManagerFixture.h"

namespace millpond {
namespace {

constexpr EventId low = eventId(100, EventPriority::low);
constexpr EventId normal = eventId(101, EventPriority::normal);
constexpr EventId critical = eventId(102, EventPriority::critical);

class EventBusTest : public test::DefaultManager {
 protected:
  void TearDown() override {
    bus.reset();
    test::DefaultManager::TearDown();
  }
  static void note(void* self, const Event& event) {
    const int* number = event.as<int>();
    static_cast<EventBusTest*>(self)->heard.push_back(number != nullptr ? *number : -1);
  }
  void listen(EventId id) { ASSERT_TRUE(bus->subscribe(id, note, EventPriority::normal, this)); }

  std::optional<EventBus> bus{std::in_place, memory, EventBus::Options{.capacity = EventBus::max_capacity}};
  std::vector<int> heard;
};

TEST_F(EventBusTest, TakesItsQueueFromTheGeneralPool) {
  EXPECT_TRUE(bus->ready());
  EXPECT_EQ(memory.stats().general.in_use, 4U) << "32 events of 64 bytes";
}

TEST_F(EventBusTest, DeliversInOrderOfPriorityAndThenOfAge) {
  for (const EventId id : {low, normal, critical}) listen(id);
  bus->publish(low, 1);
  bus->publish(normal, 2);
  bus->publish(critical, 3);
  bus->publish(normal, 4);
  bus->publish(critical, 5);
  EXPECT_TRUE(heard.empty());
  EXPECT_EQ(bus->processEvents(), 5U);
  EXPECT_EQ(heard, (std::vector{3, 5, 2, 4, 1}));
}

TEST_F(EventBusTest, ProcessesNoMoreThanAskedFor) {
  listen(normal);
  for (int number = 0; number < 5; ++number) bus->publish(normal, number);
  EXPECT_EQ(bus->processEvents(2), 2U);
  EXPECT_EQ(heard.size(), 2U);
  EXPECT_EQ(bus->queued(), 3U);
}

TEST_F(EventBusTest, AnImmediateEventIsDeliveredAtOnce) {
  listen(normal);
  bus->publish(normal, 7, true);
  EXPECT_EQ(heard, std::vector{7});
}

TEST_F(EventBusTest, InAnInterruptEvenAnImmediateEventIsQueued) {
  listen(normal);
  {
    const Port::InterruptScope interrupt;
    bus->publish(normal, 7, true);
    EXPECT_TRUE(heard.empty());
  }
  bus->processEvents();
  EXPECT_EQ(heard, std::vector{7});
}

TEST_F(EventBusTest, SubscribersAreCalledInOrderOfTheirPriority) {
  static std::vector<char> calls;
  calls.clear();
  bus->subscribe(
      normal, [](void*, const Event&) { calls.push_back('l'); }, EventPriority::low, nullptr);
  bus->subscribe(
      normal, [](void*, const Event&) { calls.push_back('c'); }, EventPriority::critical, nullptr);
  bus->publish(normal, 0);
  bus->processEvents();
  EXPECT_EQ(calls, (std::vector{'c', 'l'}));
}

TEST_F(EventBusTest, WhenFullTheOldestOfTheLowestPriorityGivesWay) {
  for (const EventId id : {low, normal, critical}) listen(id);
  for (int number = 0; number < 30; ++number) ASSERT_TRUE(bus->publish(normal, number));
  ASSERT_TRUE(bus->publish(low, 30));
  ASSERT_TRUE(bus->publish(low, 31));
  EXPECT_TRUE(bus->publish(critical, 32)) << "takes the place of 30";
  EXPECT_FALSE(bus->publish(low, 33)) << "nothing lies below it";
  EXPECT_EQ(bus->dropped(EventPriority::low), 2U);
  EXPECT_EQ(bus->processEvents(100), 32U);
  EXPECT_EQ(heard.front(), 32);
  EXPECT_EQ(heard.back(), 31);
}

TEST_F(EventBusTest, ALargePayloadLivesInTheGeneralPoolUntilItIsDelivered) {
  struct Large {
    std::array<int, 100> numbers;
  };
  int sum = 0;
  bus->subscribe(
      normal,
      [](void* context, const Event& event) {
        for (const int number : event.as<Large>()->numbers) *static_cast<int*>(context) += number;
      },
      EventPriority::normal, &sum);
  Large large{};
  large.numbers.fill(3);
  EXPECT_TRUE(bus->publish(normal, large));
  EXPECT_EQ(memory.stats().general.in_use, 5U);
  bus->processEvents();
  EXPECT_EQ(memory.stats().general.in_use, 4U);
  EXPECT_EQ(sum, 300);
}

TEST_F(EventBusTest, ALargePayloadIsNeverOfTheHeapWhereAnInterruptCouldNotFreeIt) {
  using Large = std::array<std::byte, 100>;
  unsigned published = 0;
  while (bus->publish(low, Large{})) ++published;
  EXPECT_EQ(published, 4U) << "as many as the general pool has granules beside the queue";
  EXPECT_EQ(memory.stats().heap.in_use, 0U);
  EXPECT_EQ(memory.stats().general.exhausted, 1U);
  for (int event = 0; event < 28; ++event) ASSERT_TRUE(bus->publish(low, event));
  const Port::InterruptScope interrupt;
  for (int event = 0; event < 32; ++event) EXPECT_TRUE(bus->publish(critical, event));
  EXPECT_EQ(memory.stats().general.in_use, 4U) << "the payloads of what gave way are freed";
}

TEST_F(EventBusTest, DeliversAPayloadOfAnySizeWhoseTypeIsNotKnown) {
  static constexpr std::array<char, 100> text{"payload"};
  static const auto hear = [](void* size, const Event& event) {
    EXPECT_EQ(std::memcmp(event.data(), text.data(), event.size()), 0);
    *static_cast<std::size_t*>(size) += event.size();
  };
  std::size_t size = 0;
  ASSERT_TRUE(bus->subscribe(normal, hear, EventPriority::normal, &size));
  EXPECT_TRUE(bus->publishBytes(normal, text.data(), 8));
  EXPECT_TRUE(bus->publishBytes(normal, text.data(), 100));
  EXPECT_EQ(bus->processEvents(), 2U);
  EXPECT_TRUE(bus->publishBytes(normal, text.data(), 100, true));
  EXPECT_EQ(size, 208U);
  EXPECT_FALSE(bus->publishBytes(normal, text.data(), 65536));
  EXPECT_FALSE(bus->publishBytes(no_event, text.data(), 8));
  EXPECT_EQ(bus->dropped(EventPriority::normal), 1U);
}

TEST_F(EventBusTest, ACallbackMayPublishWithoutEnd) {
  struct Chatter {
    EventBus& bus;
    int calls = 0;
  } chatter{*bus};
  bus->subscribe(
      normal,
      [](void* context, const Event&) {
        auto& self = *static_cast<Chatter*>(context);
        ++self.calls;
        self.bus.publish(normal, self.calls);
      },
      EventPriority::normal, &chatter);
  bus->publish(normal, 0);
  EXPECT_EQ(bus->processEvents(10), 10U);
  EXPECT_EQ(chatter.calls, 10);
  EXPECT_EQ(bus->queued(), 1U);
}

TEST_F(EventBusTest, AnEndedSubscriptionHearsNothing) {
  listen(normal);
  EXPECT_TRUE(bus->unsubscribe(normal, note, this));
  EXPECT_FALSE(bus->unsubscribe(normal, note, this));
  bus->publish(normal, 1);
  bus->processEvents();
  EXPECT_TRUE(heard.empty());
}

TEST_F(EventBusTest, RefusesASeventeenthSubscription) {
  for (std::size_t count = 0; count < EventBus::max_subscriptions; ++count) listen(normal);
  EXPECT_FALSE(bus->subscribe(normal, note, EventPriority::normal, this));
}

TEST_F(EventBusTest, RefusesASubscriptionThatNobodyCouldHear) {
  EXPECT_FALSE(bus->subscribe(normal, nullptr, EventPriority::normal, this));
  EXPECT_FALSE(bus->subscribe(no_event, note, EventPriority::normal, this));
  EXPECT_FALSE(bus->unsubscribe(EventId{}, nullptr, nullptr)) << "a vacant place is no subscription";
  for (std::size_t count = 0; count < EventBus::max_subscriptions; ++count) listen(normal);
}

TEST_F(EventBusTest, ANumberAboveTheLastIsNoEvent) {
  volatile std::uint16_t number = 16'383;
  EXPECT_EQ(priorityOf(eventId(number, EventPriority::low)), EventPriority::low);
  number = 16'384;
  const EventId wrong = eventId(number, EventPriority::low);
  EXPECT_EQ(wrong, no_event);
  for (int event = 0; event < 32; ++event) ASSERT_TRUE(bus->publish(low, event));
  EXPECT_FALSE(bus->publish(wrong, 1));
  EXPECT_EQ(bus->dropped(EventPriority::low), 0U) << "nothing gives way to it";
}

TEST_F(EventBusTest, WhatSubscribesWhileAnEventIsDeliveredHearsTheNext) {
  struct Mover {
    EventBus& bus;
    int calls = 0;
    static void hear(void* self, const Event& event) {
      auto& mover = *static_cast<Mover*>(self);
      ASSERT_LT(++mover.calls, 10);
      ASSERT_TRUE(mover.bus.unsubscribe(event.id(), hear, self));
      ASSERT_TRUE(mover.bus.subscribe(event.id(), hear, EventPriority::low, self));
    }
  } mover{*bus};
  ASSERT_TRUE(bus->subscribe(normal, Mover::hear, EventPriority::critical, &mover));
  for (const bool immediate : {false, true}) {
    mover.calls = 0;
    bus->publish(normal, 0, immediate);
    bus->processEvents();
    EXPECT_EQ(mover.calls, 1) << immediate;
  }
}

TEST_F(EventBusTest, ASubscriptionEndedWhileAnEventIsDeliveredNoLongerHearsIt) {
  static EventBus* bus_now;
  bus_now = &*bus;
  ASSERT_TRUE(bus->subscribe(
      normal, [](void* self, const Event&) { bus_now->unsubscribe(normal, note, self); },
      EventPriority::critical, this));
  listen(normal);
  bus->publish(normal, 1);
  bus->processEvents();
  EXPECT_TRUE(heard.empty());
}

TEST_F(EventBusTest, WithinACallbackProcessingIsLeftToTheCallUnderWay) {
  listen(normal);
  static EventBus* bus_now;
  static std::uint32_t within;
  bus_now = &*bus;
  within = 99;
  ASSERT_TRUE(bus->subscribe(
      normal, [](void*, const Event&) { within = bus_now->processEvents(); }, EventPriority::critical,
      nullptr));
  for (int number = 0; number < 3; ++number) bus->publish(normal, number);
  EXPECT_EQ(bus->processEvents(2), 2U);
  EXPECT_EQ(within, 0U);
  EXPECT_EQ(heard, (std::vector{0, 1})) << "in order, and no more than asked for";
  EXPECT_EQ(bus->processEvents(), 1U);
}

TEST_F(EventBusTest, APayloadThatNoPoolCouldHoldIsOversize) {
  using TooLarge = std::array<std::byte, 60'000>;
  EXPECT_FALSE(bus->publish(normal, TooLarge{}));
  EXPECT_EQ(memory.stats().general.oversize, 1U);
  EXPECT_EQ(memory.stats().general.exhausted, 0U);
  EXPECT_EQ(bus->dropped(EventPriority::normal), 1U);
}

TEST_F(EventBusTest, NothingGivesWayToALargeEventThatIsLostItself) {
  using TooLarge = std::array<std::byte, 60'000>;
  for (int event = 0; event < 32; ++event) ASSERT_TRUE(bus->publish(low, event));
  EXPECT_FALSE(bus->publish(critical, TooLarge{}));
  const Buffer rest = memory.generalBuffer(4 * 512, "rest");
  EXPECT_FALSE(bus->publish(critical, std::array<std::byte, 100>{}));
  EXPECT_EQ(bus->queued(), 32U);
  EXPECT_EQ(bus->dropped(EventPriority::low), 0U);
  EXPECT_EQ(bus->dropped(EventPriority::critical), 2U);
}

TEST_F(EventBusTest, AnEventThatHasNoPlaceGivesItsMemoryBack) {
  for (int event = 0; event < 32; ++event) ASSERT_TRUE(bus->publish(critical, event));
  EXPECT_FALSE(bus->publish(critical, std::array<std::byte, 100>{}));
  EXPECT_EQ(memory.stats().general.in_use, 4U);
}

TEST_F(EventBusTest, AnUrgentLargeEventTakesTheMemoryOfTheOldestThatIsAsLarge) {
  static std::vector<std::size_t> sizes;
  sizes.clear();
  bus->subscribe(
      low,
      [](void*, const Event& event) {
        const bool large = event.as<std::array<int, 50>>() != nullptr;
        sizes.push_back(large ? 200 : event.as<int>() != nullptr ? 4 : 100);
      },
      EventPriority::normal, nullptr);
  bus->publish(low, 1);
  bus->publish(low, std::array<int, 25>{});
  bus->publish(low, std::array<int, 50>{});
  bus->publish(low, std::array<int, 50>{});
  const Buffer rest = memory.generalBuffer(512, "rest");
  ASSERT_TRUE(rest);
  EXPECT_TRUE(bus->publish(critical, std::array<int, 40>{}));
  EXPECT_EQ(bus->dropped(EventPriority::low), 1U);
  EXPECT_EQ(bus->processEvents(), 4U);
  EXPECT_EQ(sizes, (std::vector<std::size_t>{4, 100, 200}));
  EXPECT_EQ(memory.stats().guard_violations, 0U);
}

TEST_F(EventBusTest, ASizeOfNothingIsToldAsARefusedRequest) {
  static std::vector<MemoryEvent::Kind> told;
  told.clear();
  Pressure pressure(memory, &*bus);
  const auto hear = [](void*, const Event& event) { told.push_back(event.as<MemoryEvent>()->kind); };
  bus->subscribe(memory_events::refused, hear, EventPriority::normal, nullptr);
  bus->subscribe(
      memory_events::rejected_free, [](void*, const Event&) { FAIL() << "nothing was freed"; },
      EventPriority::normal, nullptr);
  EXPECT_EQ(memory.allocateAudioBuffer(0, "nothing"), nullptr);
  bus->processEvents();
  EXPECT_EQ(told, std::vector{MemoryEvent::Kind::invalid});
}

TEST(MemoryEvents, EveryKindIsToldAsWhatItIs) {
  using Kind = MemoryEvent::Kind;
  const auto eventOf = [](Kind kind) { return memory_events::of.at(static_cast<std::size_t>(kind)); };
  EXPECT_EQ(eventOf(Kind::exhausted), memory_events::exhausted);
  EXPECT_EQ(eventOf(Kind::oversize), memory_events::exhausted);
  EXPECT_EQ(eventOf(Kind::fallback), memory_events::fallback);
  EXPECT_EQ(eventOf(Kind::refused), memory_events::refused);
  EXPECT_EQ(eventOf(Kind::rejected_free), memory_events::rejected_free);
  EXPECT_EQ(eventOf(Kind::invalid), memory_events::refused);
  EXPECT_EQ(eventOf(Kind::guard_violation), memory_events::guard_violation);
  EXPECT_EQ(eventOf(Kind::heap_changed), no_event);
}

TEST_F(EventBusTest, WithoutAQueueItDropsAndCounts) {
  const Buffer all = memory.generalBuffer(4 * 512, "taken");
  test::TestHeap empty;
  empty.setEmpty(true);
  StaticMemoryManager<MemoryConfig{.general_buffer_pool_size = 1}> small(empty.heap());
  EventBus poor(small, {.capacity = EventBus::max_capacity});
  EXPECT_FALSE(poor.ready());
  EXPECT_FALSE(poor.publish(normal, 1));
  EXPECT_EQ(poor.dropped(EventPriority::normal), 1U);
}

TEST_F(EventBusTest, LosesNothingUncountedAmongThreads) {
  constexpr int threads = 3;
  constexpr int each = 3000;
  listen(normal);
  std::atomic<int> running = threads;
  std::vector<std::thread> publishers;
  for (int thread = 0; thread < threads; ++thread) {
    publishers.emplace_back([&] {
      for (int number = 0; number < each; ++number) bus->publish(normal, number);
      --running;
    });
  }
  std::size_t processed = 0;
  while (running != 0) processed += bus->processEvents();
  for (std::thread& publisher : publishers) publisher.join();
  processed += bus->processEvents(100);
  EXPECT_EQ(processed + bus->dropped(EventPriority::normal), threads * each);
  EXPECT_EQ(heard.size(), processed);
}

struct LargePayload {
  std::array<std::byte, 100> bytes{};
};

constexpr MemoryConfig roomy{.general_buffer_pool_size = 36};
using RoomyEventBusTest = test::ManagerOf<roomy>;

TEST_F(RoomyEventBusTest, AnUrgentLargeEventTakesTheMemoryOfALessUrgentOne) {
  EventBus bus(memory, {.capacity = EventBus::max_capacity});
  for (int event = 0; event < 32; ++event) ASSERT_TRUE(bus.publish(low, LargePayload{})) << event;
  ASSERT_EQ(memory.stats().general.in_use, 36U);
  EXPECT_TRUE(bus.publish(critical, LargePayload{}));
  EXPECT_EQ(bus.dropped(EventPriority::low), 1U);
  EXPECT_EQ(bus.dropped(EventPriority::critical), 0U);
  EXPECT_FALSE(bus.publish(low, LargePayload{})) << "nothing is less urgent";
  EXPECT_EQ(memory.stats().general.in_use, 36U);
}

constexpr MemoryConfig reserving{.max_heap_allocation = 0, .general_reserve = 2};
using ReservingEventBusTest = test::ManagerOf<reserving>;

TEST_F(ReservingEventBusTest, AnInterruptsPayloadMayTakeTheReserve) {
  EventBus bus(memory, {.capacity = EventBus::max_capacity});
  const Buffer most = memory.generalBuffer(2 * 512, "most");
  EXPECT_FALSE(bus.publish(critical, LargePayload{})) << "a task leaves the reserve alone";
  const Port::InterruptScope interrupt;
  EXPECT_TRUE(bus.publish(critical, LargePayload{}));
  EXPECT_TRUE(bus.publish(critical, LargePayload{}));
  EXPECT_FALSE(bus.publish(critical, LargePayload{}));
}

constexpr MemoryConfig resting{.guards = Guards::full};
using RestingEventBusTest = test::ManagerOf<resting>;

TEST_F(RestingEventBusTest, PayloadsThatRestLeaveRoomForTheNext) {
  EventBus bus(memory, {.capacity = EventBus::max_capacity});
  for (int event = 0; event < 12; ++event) {
    EXPECT_TRUE(bus.publish(normal, LargePayload{})) << event;
    EXPECT_EQ(bus.processEvents(), 1U);
  }
}

TEST_F(RestingEventBusTest, APayloadLeaksNoGranuleWhateverBecomesOfItsEvent) {
  std::optional<EventBus> bus(std::in_place, memory, EventBus::Options{.capacity = EventBus::max_capacity});
  for (int event = 0; event < 10; ++event)
    bus->publish(low, LargePayload{});  // four are queued, the rest lost
  for (int event = 0; event < 2; ++event)
    EXPECT_TRUE(bus->publish(critical, LargePayload{}));  // in their memory
  EXPECT_EQ(bus->processEvents(1), 1U);
  for (int event = 0; event < 40; ++event) bus->publish(critical, event);  // all low ones give way
  for (int event = 0; event < 3; ++event) EXPECT_FALSE(bus->publish(critical, LargePayload{})) << "no place";
  EXPECT_EQ(bus->processEvents(32), 32U);
  for (int event = 0; event < 3; ++event)
    EXPECT_TRUE(bus->publish(normal, LargePayload{})) << "still queued at the end";
  bus.reset();
  std::vector<Buffer> all;
  for (std::size_t granule = 0; granule < 8; ++granule) all.push_back(memory.generalBuffer(512, "all"));
  for (const Buffer& granule : all) EXPECT_TRUE(granule);
  EXPECT_EQ(memory.stats().general.in_use, 8U);
  EXPECT_EQ(memory.stats().guard_violations, 0U);
}

constexpr MemoryConfig movable{.general_reclaimable = true};
using MovableEventBusTest = test::ManagerOf<movable>;

// Somebody frees an event's payload, so that its pool may go back to the heap under it.
TEST_F(MovableEventBusTest, APayloadWhosePoolIsGoneIsRefused) {
  Buffer most = memory.generalBuffer(2500, "most");
  EventBus bus(memory, {.capacity = EventBus::max_capacity});
  most.reset();
  ASSERT_TRUE(bus.publish(normal, LargePayload{}));
  for (const LiveBlock& block : memory.leaks()) {
    if (block.source == std::string("event")) memory.deallocate(const_cast<void*>(block.address));
  }
  EXPECT_GT(memory.releaseIdlePools(), 0U);
  EXPECT_EQ(bus.processEvents(), 1U);
  EXPECT_EQ(memory.stats().general.rejected, 1U);
  EXPECT_GT(memory.reacquirePools(), 0U);
}

}  // namespace
}  // namespace millpond
