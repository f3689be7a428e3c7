// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
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

  std::optional<EventBus> bus{std::in_place, memory};
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

TEST_F(EventBusTest, WithoutAQueueItDropsAndCounts) {
  const Buffer all = memory.generalBuffer(4 * 512, "taken");
  test::TestHeap empty;
  empty.setEmpty(true);
  StaticMemoryManager<MemoryConfig{.general_buffer_pool_size = 1}> small(empty.heap());
  EventBus poor(small);
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

struct Large {
  std::array<std::byte, 100> bytes{};
};

constexpr MemoryConfig roomy{.general_buffer_pool_size = 36};
using RoomyEventBusTest = test::ManagerOf<roomy>;

TEST_F(RoomyEventBusTest, AnUrgentLargeEventTakesTheMemoryOfALessUrgentOne) {
  EventBus bus(memory);
  for (int event = 0; event < 32; ++event) ASSERT_TRUE(bus.publish(low, Large{})) << event;
  ASSERT_EQ(memory.stats().general.in_use, 36U);
  EXPECT_TRUE(bus.publish(critical, Large{}));
  EXPECT_EQ(bus.dropped(EventPriority::low), 1U);
  EXPECT_EQ(bus.dropped(EventPriority::critical), 0U);
  EXPECT_FALSE(bus.publish(low, Large{})) << "nothing is less urgent";
  EXPECT_EQ(memory.stats().general.in_use, 36U);
}

constexpr MemoryConfig resting{.guards = Guards::full};
using RestingEventBusTest = test::ManagerOf<resting>;

TEST_F(RestingEventBusTest, PayloadsThatRestLeaveRoomForTheNext) {
  EventBus bus(memory);
  for (int event = 0; event < 12; ++event) {
    EXPECT_TRUE(bus.publish(normal, Large{})) << event;
    EXPECT_EQ(bus.processEvents(), 1U);
  }
}

constexpr MemoryConfig movable{.general_reclaimable = true};
using MovableEventBusTest = test::ManagerOf<movable>;

// Somebody frees an event's payload, so that its pool may go back to the heap under it.
TEST_F(MovableEventBusTest, APayloadWhosePoolIsGoneIsRefused) {
  Buffer most = memory.generalBuffer(2500, "most");
  EventBus bus(memory);
  most.reset();
  ASSERT_TRUE(bus.publish(normal, Large{}));
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
