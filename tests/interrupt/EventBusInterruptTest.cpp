// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "interrupt/Arrivals.h"
#include "millpond.h"
#include "support/ManagerFixture.h"

namespace millpond {
namespace event_bus_interrupt {

constexpr EventId low = eventId(100, EventPriority::low);
constexpr EventId critical = eventId(101, EventPriority::critical);

struct Large {
  int number;
  std::array<std::byte, 96> rest{};
};

/// A bus and what its subscriber heard: the numbers of low events, as they came.
class World {
 public:
  World() {
    bus->subscribe(low, note, EventPriority::normal, &heard);
    bus->subscribe(critical, note, EventPriority::normal, &urgent);
  }

  void publish() { publish(low, next_++); }
  void publishLarge() { publish(low, Large{next_++}); }
  void publishUrgently() {
    const Port::InterruptScope interrupt;
    publish(critical, 0);
  }
  void publishLargeUrgently() {
    const Port::InterruptScope interrupt;
    publish(critical, Large{0});
  }
  void fill() {
    while (bus->queued() < EventBus::max_capacity) publish();
  }
  void process(std::uint32_t max = EventBus::max_capacity) { bus->processEvents(max); }

  void sample() {}
  void expectConsistent() {
    process(100);
    EXPECT_EQ(bus->queued(), 0U);
    EXPECT_TRUE(std::is_sorted(heard.begin(), heard.end())) << testing::PrintToString(heard);
    EXPECT_EQ(std::adjacent_find(heard.begin(), heard.end()), heard.end()) << "twice";
    const std::uint32_t lost = bus->dropped(EventPriority::low) + bus->dropped(EventPriority::critical);
    EXPECT_EQ(heard.size() + urgent.size() + lost, published);
    fill();  // every slot can be had
    bus.reset();
    test::expectAllEmpty(memory);
  }

  StaticMemoryManager<MemoryConfig{.general_buffer_pool_size = 7}> memory;
  std::optional<EventBus> bus{std::in_place, memory, EventBus::Options{.capacity = EventBus::max_capacity}};
  std::vector<int> heard;
  std::vector<int> urgent;
  std::size_t published = 0;

 private:
  static void note(void* heard, const Event& event) {
    const int* number = event.as<int>();
    static_cast<std::vector<int>*>(heard)->push_back(number != nullptr ? *number : event.as<Large>()->number);
  }
  template <class T>
  void publish(EventId event, const T& payload) {
    ++published;
    bus->publish(event, payload);
  }

  int next_ = 0;
};

using Step = test::Named<World>;

const std::vector<Step> preparations{
    {"two events queued", [](World& world) { world.publish(), world.publish(); }},
    {"a full queue", [](World& world) { world.fill(); }},
    {"large events without memory for another",
     [](World& world) { world.publishLarge(), world.publishLarge(), world.publishLarge(); }},
    {"a full queue with large ones",
     [](World& world) { world.publishLarge(), world.publishLarge(), world.publishLarge(), world.fill(); }},
};
const std::vector<Step> interrupts{
    {"an interrupt publishes", [](World& world) { world.publishUrgently(); }},
    {"an interrupt publishes a large event", [](World& world) { world.publishLargeUrgently(); }},
};
const std::vector<Step> tasks{
    {"another task processes one and publishes one", [](World& world) { world.process(1), world.publish(); }},
    {"another task processes all and publishes two",
     [](World& world) { world.process(), world.publish(), world.publish(); }},
};

TEST(EventBusInterrupt, EqualsComeInTheirOrderWhoeverProcessesMeanwhile) {
  const std::vector<Step> processing{{"a task processes", [](World& world) { world.process(); }},
                                     {"a task processes one", [](World& world) { world.process(1); }}};
  EXPECT_GE(test::interruptEverywhere(preparations, processing, tasks), 100U);
  EXPECT_GE(test::interruptEverywhere(preparations, processing, interrupts), 100U);
}

TEST(EventBusInterrupt, NothingIsLostUncountedWhoeverPublishesMeanwhile) {
  const std::vector<Step> publishing{
      {"a task publishes", [](World& world) { world.publish(); }},
      {"a task publishes a large event", [](World& world) { world.publishLarge(); }},
      {"another core publishes", [](World& world) { world.publishUrgently(); }},
      {"another core publishes a large event", [](World& world) { world.publishLargeUrgently(); }}};
  const std::vector<Step> processing{{"a task processes", [](World& world) { world.process(); }},
                                     {"a task processes one", [](World& world) { world.process(1); }}};
  EXPECT_GE(test::interruptEverywhere(preparations, publishing, processing), 100U);
  EXPECT_GE(test::interruptEverywhere(preparations, publishing, interrupts), 100U);
}

TEST(EventBusInterrupt, NoEventGivesWayToALessUrgentOneThatChoseBefore) {
  constexpr EventId high = eventId(102, EventPriority::high);
  for (unsigned late = 0, steps = 1; late < steps; ++late) {
    SCOPED_TRACE("before step " + std::to_string(late));
    World world;
    world.publish();
    for (std::uint32_t event = 1; event < EventBus::max_capacity; ++event) world.bus->publish(high, event);
    const Step urgent{"", [](World& there) { there.publishUrgently(); }};
    steps = test::Interrupted<World>(world, {{late, &urgent}}).run({"", [](World& here) {
                                                                      here.bus->publish(high, 0);
                                                                    }});
    world.process(2 * EventBus::max_capacity);
    EXPECT_EQ(world.urgent.size(), 1U);
    EXPECT_EQ(world.bus->dropped(EventPriority::low), 1U);
    EXPECT_EQ(world.bus->dropped(EventPriority::critical), 0U);
    EXPECT_EQ(world.bus->queued(), 0U);
  }
}

// Whose event is processed by somebody else may rely on that: no event stays behind that nobody was told of.
TEST(EventBusInterrupt, WhoComesWhileAnotherProcessesLeavesNoEventBehind) {
  for (unsigned late = 0, steps = 1; late < steps; ++late) {
    World world;
    const Step arrival{"", [](World& there) { there.publish(), there.process(); }};
    world.publish();
    steps =
        test::Interrupted<World>(world, {{late, &arrival}}).run({"", [](World& here) { here.process(); }});
    EXPECT_EQ(world.bus->queued(), 0U) << "before step " << late;
    EXPECT_EQ(world.heard.size(), world.published) << "before step " << late;
    world.expectConsistent();
  }
}

}  // namespace event_bus_interrupt
}  // namespace millpond
