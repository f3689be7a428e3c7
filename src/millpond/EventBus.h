// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "millpond/Hot.h"
#include "millpond/MemoryManager.h"

namespace millpond {

/// How urgent an event is, and in which order the subscribers of one event are called.
enum class EventPriority : std::uint8_t { critical, high, normal, low };

/// Which event. Its priority is part of it: see `eventId`.
enum class EventId : std::uint16_t {};

/// Event number `number` of `priority`. Numbers below 64 are Millpond's own, up to 16383 a program's.
constexpr EventId eventId(std::uint16_t number, EventPriority priority) {
  return static_cast<EventId>(static_cast<unsigned>(priority) << 14U | number);
}
constexpr EventPriority priorityOf(EventId id) {
  return static_cast<EventPriority>(static_cast<unsigned>(id) >> 14U);
}

/// An event as its subscribers see it; its payload lasts until the callback returns.
class Event {
 public:
  Event(EventId id, const void* data, std::size_t size) : id_(id), data_(data), size_(size) {}

  EventId id() const { return id_; }
  /// The payload, or nullptr where it is not a `T`'s size.
  template <class T>
  const T* as() const {
    return size_ == sizeof(T) ? static_cast<const T*>(data_) : nullptr;
  }

 private:
  EventId id_;
  const void* data_;
  std::size_t size_;
};

/// How components speak without knowing one another (ADR-001): events with typed payloads, by priority.
///
/// - The queue, 32 events of 64 bytes, comes from the general pool, or where that is short from the heap;
///   payloads above 56 bytes from the general pool alone, so that an interrupt may drop them.
/// - Queueing an event is lock-free and may be done in interrupts. When the queue is full the oldest event
///   of the lowest priority gives way to a more urgent one; every event lost is counted by priority.
/// - Callbacks run in the task that calls `processEvents`, or in the publisher's for an immediate event. A
///   callback may publish; it may not wait for the bus.
///
///     bus.subscribe(PressureChanged::event, onPressure, EventPriority::high, this);
///     bus.publish(PressureChanged::event, PressureChanged{...});
///     bus.processEvents();
class EventBus {
 public:
  static constexpr std::uint32_t capacity = 32;
  static constexpr std::size_t max_subscriptions = 16;

  using Callback = void (*)(void* subscriber, const Event& event);

  /// Effect: takes the queue from the general pool of `memory`, which must outlive the bus. Without it
  /// (`ready()` is false) only immediate events arrive; the others count as dropped. Context: task.
  explicit EventBus(MemoryManager& memory);
  EventBus(const EventBus&) = delete;
  EventBus& operator=(const EventBus&) = delete;
  /// Requires: nobody publishes any more. Events not yet processed are lost.
  ~EventBus();

  bool ready() const { return slots_ != nullptr; }

  /// Effect: `callback(subscriber, event)` is called for each event of this kind; subscribers of a more
  /// urgent `priority` first. Returns: false when there are `max_subscriptions` already. Context: task.
  bool subscribe(EventId event, Callback callback, EventPriority priority, void* subscriber);

  /// Effect: ends a subscription. A callback under way in another task may still be running, or about to be
  /// called, on return.
  /// Returns: false where there is none such. Context: task.
  bool unsubscribe(EventId event, Callback callback, void* subscriber);

  /// Effect: queues the event; with `immediate`, and outside interrupts, calls the subscribers at once
  /// instead. Returns: false, counted, when the queue has no room for its priority, or the general pool none
  /// for a payload above 56 bytes. Cost: constant; immediate: the callbacks'. Context: any.
  template <class T>
  [[gnu::always_inline]] bool publish(EventId event, const T& data, bool immediate = false) {
    static_assert(std::is_trivially_copyable_v<T>, "Millpond: an event's payload must be trivially copyable");
    static_assert(alignof(T) <= slot_alignment, "Millpond: an event's payload is aligned too strictly");
    static_assert(sizeof(T) <= max_payload, "Millpond: an event's payload must stay below 64 KiB");
    if constexpr (sizeof(T) > inline_bytes) return publishLarge(event, &data, sizeof(T), immediate);
    return publishBytes(event, &data, sizeof(T), immediate);
  }

  /// Effect: calls the subscribers of up to `max` queued events, the most urgent first, among equals the
  /// oldest. Returns: the events processed. Context: task.
  std::uint32_t processEvents(std::uint32_t max = capacity);

  /// Events queued just now.
  std::uint32_t queued() const;
  /// Events of `priority` lost for want of room; stays at 2^32 - 1 once there.
  std::uint32_t dropped(EventPriority priority) const {
    return dropped_[static_cast<std::size_t>(priority)].load();
  }

 private:
  static constexpr std::size_t slot_bytes = 64;
  static constexpr std::size_t slot_alignment = 8;
  static constexpr std::size_t inline_bytes = slot_bytes - 8;
  static constexpr std::size_t max_payload = UINT16_MAX;
  static constexpr std::size_t priorities = 4;
  static constexpr std::uint32_t no_slot = ~std::uint32_t{0};

  struct Slot {
    Word ticket;  // the order of publication, modulo 2^32
    EventId id{};
    std::uint16_t size = 0;
    alignas(slot_alignment) std::array<std::byte, inline_bytes> payload;  // or a pointer to a larger one
  };
  static_assert(sizeof(Slot) == slot_bytes);
  static_assert(alignof(Slot) <= MemoryConfig::least_alignment, "a slot, and a payload, lies in any granule");

  struct Subscription {
    EventId event{};
    EventPriority priority{};
    Callback callback = nullptr;  // nullptr: the place is vacant
    void* subscriber = nullptr;
  };

  MILLPOND_HOT bool publishBytes(EventId event, const void* data, std::size_t size, bool immediate);
  MILLPOND_HOT bool publishLarge(EventId event, const void* data, std::size_t size, bool immediate);
  MILLPOND_HOT bool publishSmall(EventId event, const void* data, std::size_t size);
  MILLPOND_HOT bool drop(EventId event);
  MILLPOND_HOT void enqueue(std::uint32_t index, EventId event, const void* data, std::size_t stored,
                            std::size_t size);
  MILLPOND_HOT void clear(Slot& slot);
  MILLPOND_HOT static const void* payloadOf(const Slot& slot);
  MILLPOND_HOT std::uint32_t takeSlot(EventPriority priority);
  MILLPOND_HOT std::uint32_t takeOldest(std::size_t priority);
  void dispatch(const Event& event);
  Subscription nextFor(EventId event, std::uint32_t& turn);

  MemoryManager& memory_;
  Slot* slots_ = nullptr;
  Word free_;
  std::array<Word, priorities> queued_;
  std::array<Word, priorities> dropped_;
  Word tickets_;
  std::array<Subscription, max_subscriptions> subscriptions_;
  [[no_unique_address]] Port::TaskMutex list_;  // keeps the subscriptions; never held in a callback
};

}  // namespace millpond
