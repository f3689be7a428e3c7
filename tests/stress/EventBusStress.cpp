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
namespace {

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
  EventBus bus(memory);
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

}  // namespace
}  // namespace millpond
