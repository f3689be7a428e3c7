// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <atomic>

#include "millpond.h"
#include "stress/Threads.h"
#include "support/ManagerFixture.h"
#include "support/Scale.h"

namespace millpond {
namespace event_bus_stress {

constexpr EventId event = eventId(100, EventPriority::normal);

/// Knows by which of its callbacks it may be called.
template <unsigned number>
struct Subscriber {
  static inline std::atomic<unsigned> strangers{0};
  static inline unsigned self = number;
  static void hear(void* subscriber, const Event&) {
    if (subscriber != &self) ++strangers;
  }
};

template <unsigned number>
void comeAndGo(EventBus& bus) {
  using Who = Subscriber<number>;
  ASSERT_TRUE(bus.subscribe(event, Who::hear, EventPriority::normal, &Who::self));
  ASSERT_TRUE(bus.unsubscribe(event, Who::hear, &Who::self));
}

TEST(EventBusStress, ACallbackIsCalledForItsOwnSubscriberWhileOthersComeAndGo) {
  const auto rounds = static_cast<int>(test::scaled(100000));
  test::TestHeap heap;
  StaticMemoryManager<> memory(heap.heap());
  EventBus bus(memory, {.capacity = EventBus::max_capacity});
  std::atomic<int> coming{2};
  test::onThreads(3, [&](unsigned thread) {
    if (thread == 0) {
      while (coming != 0) bus.publish(event, 0, true);
      return;
    }
    for (int round = 0; round < rounds; ++round) {
      comeAndGo<1>(bus);
      comeAndGo<2>(bus);
    }
    --coming;
  });
  EXPECT_EQ(Subscriber<1>::strangers + Subscriber<2>::strangers, 0U);
}

/// What a publisher of number `who` publishes: large now and then, so that memory runs short as well.
struct Numbered {
  unsigned who;
  unsigned number;
};
struct LargeNumbered : Numbered {
  std::array<std::byte, 100> rest{};
};

/// Knows whether each publisher's events came in their order; its calls exclude one another, or it would be
/// a data race.
struct Order {
  std::array<unsigned, 2> last{};
  unsigned heard = 0;
  unsigned out_of_order = 0;
  static void hear(void* self, const Event& told) {
    auto& order = *static_cast<Order*>(self);
    const auto* small = told.as<Numbered>();
    const Numbered& seen = small != nullptr ? *small : *told.as<LargeNumbered>();
    if (seen.number <= order.last.at(seen.who)) ++order.out_of_order;
    order.last.at(seen.who) = seen.number;
    ++order.heard;
  }
};

TEST(EventBusStress, EachPublishersEventsComeInOrderWhoeverProcesses) {
  const auto rounds = static_cast<unsigned>(test::scaled(30000));
  test::TestHeap heap;
  StaticMemoryManager<> memory(heap.heap());
  EventBus bus(memory, {.capacity = EventBus::max_capacity});
  Order order;
  const EventId low = eventId(100, EventPriority::low);
  const EventId urgent = eventId(101, EventPriority::critical);
  ASSERT_TRUE(bus.subscribe(low, Order::hear, EventPriority::normal, &order));
  std::atomic<int> publishing{2};
  std::atomic<unsigned> urgent_ones{0};
  std::atomic<unsigned> processed{0};
  test::onThreads(4, [&](unsigned thread) {
    if (thread >= 2) {
      while (publishing != 0) processed += bus.processEvents(3);
      return;
    }
    for (unsigned number = 1; number <= rounds; ++number) {
      if (number % 5 == 0) {
        bus.publish(low, LargeNumbered{{thread, number}});
      } else {
        bus.publish(low, Numbered{thread, number});
      }
      if (number % 7 == 0) bus.publish(urgent, LargeNumbered{}), ++urgent_ones;
    }
    --publishing;
  });
  processed += bus.processEvents();
  EXPECT_EQ(order.out_of_order, 0U);
  EXPECT_EQ(processed + bus.dropped(EventPriority::low) + bus.dropped(EventPriority::critical),
            2 * rounds + urgent_ones);
  EXPECT_EQ(memory.stats().general.in_use, 4U) << "nothing but the queue";
}

}  // namespace event_bus_stress
}  // namespace millpond
