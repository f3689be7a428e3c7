// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <optional>

#include "millpond.h"
#include "millpond/HeapWatch.h"
#include "order/Explore.h"

namespace millpond::order {
namespace {

constexpr EventId low = eventId(100, EventPriority::low);
constexpr EventId urgent = eventId(101, EventPriority::critical);

/// A publisher's message: its own count, and where it wrote the same.
struct Message {
  std::uint32_t publisher;
  std::uint32_t number;
  const std::uint32_t* written;
};
struct LargeMessage {
  Message message;
  std::array<std::uint32_t, 24> rest;
};

/// A bus whose subscriber looks at what the publisher wrote, and at the order.
class World {
 public:
  explicit World() {
    require(bus.ready(), "no queue");
    bus.subscribe(low, hear, EventPriority::normal, this);
    bus.subscribe(urgent, hear, EventPriority::normal, this);
  }

  void publish(std::uint32_t publisher, EventId event, bool large = false) {
    const std::uint32_t number = ++published_[publisher];
    written_[publisher][number] = number;
    const Message message{publisher, number, &written_[publisher][number]};
    if (large) {
      bus.publish(event, LargeMessage{message, {number}});
    } else {
      bus.publish(event, message);
    }
  }

  /// Requires: all published.
  void expectAllDelivered() {
    while (bus.processEvents() != 0) continue;
    require(bus.queued() == 0, "an event stays queued");
    std::uint32_t published = 0;
    for (const std::uint32_t of_one : published_) published += of_one;
    const std::uint32_t lost = bus.dropped(EventPriority::low) + bus.dropped(EventPriority::critical);
    require(heard_ + lost == published, "an event is lost, uncounted");
  }

  StaticMemoryManager<MemoryConfig{.max_heap_allocation = 0}> memory;
  EventBus bus{memory, {.capacity = EventBus::max_capacity}};

 private:
  static constexpr std::size_t publishers = 4;

  static void hear(void* self, const Event& event) {
    World& world = *static_cast<World*>(self);
    const LargeMessage* const large = event.as<LargeMessage>();
    const Message& message = large != nullptr ? large->message : *event.as<Message>();
    require(*message.written == message.number, "not the payload");
    require(large == nullptr || large->rest[0] == message.number, "not the payload");
    std::uint32_t& last = world.last_[event.id() == urgent ? 1 : 0][message.publisher];
    require(last < message.number, "out of order");
    last = message.number;
    ++world.heard_;
  }

  std::uint32_t heard_ = 0;  // one callback at a time
  std::array<std::array<std::uint32_t, publishers>, 2> last_{};
  std::array<std::uint32_t, publishers> published_{};
  std::array<std::array<std::uint32_t, 64>, publishers> written_{};
};

TEST(EventBusOrder, DeliversEachEventWithItsPayloadInOrder) {
  explore([](Threads& threads) {
    World world;
    for (std::uint32_t publisher : {1, 2}) {
      threads.task([&world, publisher] {
        for (int event = 0; event < 3; ++event) world.publish(publisher, low);
      });
    }
    for (int task = 0; task < 2; ++task)
      threads.task([&] { world.bus.processEvents(), world.bus.processEvents(); });
    threads.join();
    world.expectAllDelivered();
  });
}

TEST(EventBusOrder, DeliversLargePayloads) {
  explore([](Threads& threads) {
    World world;
    for (std::uint32_t publisher : {1, 2}) {
      threads.task([&world, publisher] {
        for (int event = 0; event < 3; ++event) world.publish(publisher, low, true);
      });
    }
    for (int task = 0; task < 2; ++task)
      threads.task([&] { world.bus.processEvents(), world.bus.processEvents(); });
    threads.join();
    world.expectAllDelivered();
  });
}

TEST(EventBusOrder, EvictsTheOldestWhereTheQueueIsFull) {
  explore(
      [](Threads& threads) {
        World world;
        while (world.bus.queued() < EventBus::max_capacity) world.publish(0, low);
        threads.interrupt([&] { world.publish(1, urgent), world.publish(1, urgent); });
        threads.task([&] { world.publish(2, urgent), world.publish(2, low); });
        for (int task = 0; task < 2; ++task)
          threads.task([&] { world.bus.processEvents(3), world.bus.processEvents(3); });
        threads.join();
        world.expectAllDelivered();
      },
      100);
}

TEST(EventBusOrder, RefusesInOneOrderWithAllElse) {
  explore(
      [](Threads& threads) {
        World world;
        Word asked;
        while (world.bus.queued() < EventBus::max_capacity) world.publish(0, low);
        bool seen = false;
        threads.task([&] {
          world.bus.processEvents(1);
          seen = asked.loadOrdered() != 0;
        });
        threads.task([&] {
          asked.setBits(1);
          world.publish(1, low);
        });
        threads.join();
        require(seen || world.bus.dropped(EventPriority::low) == 0, "neither sees the other");
      },
      100);
}

TEST(EventBusOrder, EvictsForTheMemoryOfALargePayload) {
  explore([](Threads& threads) {
    World world;
    for (int event = 0; event < 4; ++event) world.publish(0, low, true);
    threads.interrupt([&] { world.publish(1, urgent, true), world.publish(1, urgent, true); });
    threads.task([&] { world.publish(2, urgent, true), world.publish(2, low), world.publish(2, low, true); });
    for (int task = 0; task < 2; ++task)
      threads.task([&] { world.bus.processEvents(2), world.bus.processEvents(2); });
    threads.join();
    world.expectAllDelivered();
  });
}

TEST(EventBusOrder, LeavesNoEventBehindThatWasPublishedBeforeAProcessing) {
  explore([](Threads& threads) {
    World world;
    for (std::uint32_t publisher : {1, 2, 3}) {
      threads.task([&world, publisher] { world.publish(publisher, low), world.bus.processEvents(); });
    }
    threads.join();
    require(world.bus.queued() == 0, "an event is left behind");
  });
}

TEST(EventBusOrder, TellsASubscriberOfWhatIsPublishedAfterItSubscribed) {
  explore([](Threads& threads) {
    World world;
    Word heard;
    Word subscribed;
    const auto count = [](void* flag, const Event&) { static_cast<Word*>(flag)->setBits(1); };
    threads.task([&] {
      world.bus.subscribe(low, count, EventPriority::low, &heard);
      subscribed.setBits(1);
    });
    bool hears = false;
    threads.task([&] {
      hears = subscribed.loadOrdered() != 0;
      world.publish(1, low);
    });
    threads.task([&] { world.bus.processEvents(); });
    threads.join();
    world.expectAllDelivered();
    require(!hears || heard.load() != 0, "a subscriber is not told");
  });
}

TEST(HeapWatchOrder, PublishesOnNoBusThatIsIncomplete) {
  explore([](Threads& threads) {
    StaticMemoryManager<MemoryConfig{.max_heap_allocation = 0}> memory;
    std::optional<EventBus> bus;
    threads.task([&] { HeapWatch::begin(&bus.emplace(memory)); });
    threads.task([] { HeapWatch::tell(100); });
    threads.join();
    HeapWatch::begin(nullptr);
  });
}

}  // namespace
}  // namespace millpond::order
