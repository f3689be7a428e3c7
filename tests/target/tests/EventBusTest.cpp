// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Test.h"
#include "board/Board.h"
#include "millpond/EventBus.h"

namespace millpond {

namespace event_bus_tests {

StaticMemoryManager<MemoryConfig{}> memory;

constexpr EventId low = eventId(100, EventPriority::low);
constexpr EventId high = eventId(101, EventPriority::high);

/// What was heard, in order.
struct Heard {
  int numbers[64];
  int count = 0;
};

void note(void* heard, const Event& event) {
  auto& list = *static_cast<Heard*>(heard);
  list.numbers[list.count++ & 63] = *event.as<int>();
}

TEST(EventBus, DeliversByPriorityAndThenByAge) {
  EventBus bus(memory, {.capacity = EventBus::max_capacity});
  ASSERT_TRUE(bus.ready());
  Heard heard;
  for (const EventId id : {low, high}) EXPECT_TRUE(bus.subscribe(id, note, EventPriority::normal, &heard));
  bus.publish(low, 1);
  bus.publish(high, 2);
  bus.publish(low, 3);
  bus.publish(high, 4);
  EXPECT_EQ(bus.processEvents(), 4U);
  const int expected[] = {2, 4, 1, 3};
  for (int at = 0; at < 4; ++at) EXPECT_EQ(heard.numbers[at], expected[at]);
}

TEST(EventBus, GivesItsQueueBack) {
  {
    const EventBus bus(memory, {.capacity = EventBus::max_capacity});
    EXPECT_EQ(memory.stats().general.in_use, 4U);
  }
  EXPECT_EQ(memory.stats().general.in_use, 0U);
}

TEST(EventBus, KeepsRoomForTheUrgentWhenItOverflows) {
  EventBus bus(memory, {.capacity = EventBus::max_capacity});
  for (std::uint32_t event = 0; event < 2 * EventBus::max_capacity; ++event) bus.publish(low, 1);
  EXPECT_GT(bus.dropped(EventPriority::low), 0U);
  EXPECT_TRUE(bus.publish(high, 2));
  EXPECT_EQ(bus.dropped(EventPriority::high), 0U);
  bus.processEvents(2 * EventBus::max_capacity);
}

// An interrupt that publishes at each instruction of a task that does: nothing is lost, nothing comes twice.
TEST(EventBus, LosesNothingToAnInterruptInAnyWindow) {
  static EventBus* in_interrupt = nullptr;
  static volatile bool happened = false;
  EventBus bus(memory, {.capacity = EventBus::max_capacity});
  Heard heard;
  bus.subscribe(high, note, EventPriority::normal, &heard);
  in_interrupt = &bus;
  for (std::uint32_t delay = 0; delay < 300; ++delay) {
    heard = {};
    happened = false;
    board::setTimerHandler([] {
      in_interrupt->publish(high, 100);
      happened = true;
    });
    board::interruptAfter(delay);
    bus.publish(high, 1);
    std::uint32_t processed = bus.processEvents();
    while (!happened) {
    }
    processed += bus.processEvents();
    EXPECT_EQ(processed, 2U);
    EXPECT_EQ(heard.numbers[0] + heard.numbers[1], 101);
  }
  board::setTimerHandler(nullptr);
}

}  // namespace event_bus_tests
}  // namespace millpond
