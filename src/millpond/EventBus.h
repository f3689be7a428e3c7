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

/// How urgent an event is. Also the order in which the subscribers of one event are called.
enum class EventPriority : std::uint8_t { critical, high, normal, low };

/// The kind of an event. It includes the priority: see `eventId`.
enum class EventId : std::uint16_t {};

/// Means "no event": a bus refuses it.
inline constexpr EventId no_event{};

/// For the library's own use. Not `constexpr`, so that the compiler names this function in its error if a
/// constant event has too large a number.
inline EventId eventNumberIsAbove16383() { return no_event; }

/// The event with number `number` and priority `priority`. Numbers below 64 are Millpond's own, 64 to 16383
/// are the program's. A larger number does not compile in a constant expression, and gives `no_event`
/// elsewhere.
constexpr EventId eventId(std::uint16_t number, EventPriority priority) {
  if (number > 16383) return eventNumberIsAbove16383();
  return static_cast<EventId>(static_cast<unsigned>(priority) << 14U | number);
}
constexpr EventPriority priorityOf(EventId id) {
  return static_cast<EventPriority>(static_cast<unsigned>(id) >> 14U);
}

/// An event as its subscribers see it. Its payload is valid until the callback returns.
class Event {
 public:
  /// Requires: `data` has `size` bytes and outlives the event. Context: any.
  Event(EventId id, const void* data, std::size_t size) : id_(id), data_(data), size_(size) {}

  /// The id that the event was published with.
  EventId id() const { return id_; }
  const void* data() const { return data_; }
  std::size_t size() const { return size_; }
  /// The payload, or nullptr if its size is not that of a `T`.
  template <class T>
  const T* as() const {
    return size_ == sizeof(T) ? static_cast<const T*>(data_) : nullptr;
  }

 private:
  EventId id_;
  const void* data_;
  std::size_t size_;
};

/// How components communicate without knowing each other (ADR-001): events with typed payloads, by priority.
///
/// - The queue, 64 bytes per event, comes from a pool, or from the heap if the pool is short. Payloads above
///   56 bytes come from the pool only, so that an interrupt may drop them.
/// - Queueing an event is lock-free and allowed in interrupts. A less urgent event is evicted for a more
///   urgent one that could not be queued otherwise (see `publish`). Every lost event is counted by priority.
/// - Order: queued events are delivered one at a time, no matter which tasks call `processEvents`. The most
///   urgent event is first; of two with the same priority, the one whose `publish` returned before the
///   other's began. Immediate events bypass the queue, and may run concurrently with a queued one.
/// - Callbacks run in the task that calls `processEvents`, or in the publisher's task for an immediate event.
///   A callback may publish, subscribe and unsubscribe; it must not wait for the bus.
/// - An event is delivered once to each subscription that existed when its delivery began and that did not
///   end before its turn. A subscription made meanwhile, also by a callback, receives the next event.
/// - A pointer in a payload, such as a `source`, must stay valid until the event is delivered.
///
///     bus.subscribe(PressureChanged::event, onPressure, EventPriority::high, this);
///     bus.publish(PressureChanged::event, PressureChanged{...});
///     bus.processEvents();
class EventBus {
 public:
  /// The largest queue, and the most subscriptions at a time.
  static constexpr std::uint32_t max_capacity = 32;
  static constexpr std::size_t max_subscriptions = 16;

  /// What a subscription calls: with the pointer that it registered.
  using Callback = void (*)(void* subscriber, const Event& event);

  /// What a bus may be made with.
  struct Options {
    /// Events that the queue can hold, 1 to `max_capacity`. 8 events take one granule of the ADR's general
    /// pool.
    std::uint32_t capacity = 8;
    /// The pool of the queue and of large payloads.
    PoolId pool = PoolId::general;
  };

  /// Effect: takes the queue from a pool of `memory`, which must outlive the bus. If there is no memory
  /// (`ready()` is false), only immediate events are delivered; the others count as dropped. Context: task.
  explicit EventBus(MemoryManager& memory) : EventBus(memory, Options()) {}
  EventBus(MemoryManager& memory, const Options& options);
  EventBus(const EventBus&) = delete;
  EventBus& operator=(const EventBus&) = delete;
  /// Requires: no caller publishes any more. Events not yet processed are lost.
  ~EventBus();

  /// Whether the bus has its queue.
  bool ready() const { return slots_ != nullptr; }

  /// Effect: `callback(subscriber, event)` is called for each event of this kind; subscribers of a more
  /// urgent `priority` first. Returns: false, with nothing changed, if there are `max_subscriptions` already,
  /// or for `no_event` or no callback. Context: task.
  bool subscribe(EventId event, Callback callback, EventPriority priority, void* subscriber);

  /// Effect: ends a subscription. On return, a callback in another task may still be running or about to be
  /// called.
  /// Returns: false if there is no such subscription. Context: task.
  bool unsubscribe(EventId event, Callback callback, void* subscriber);

  /// Effect: queues the event; with `immediate`, and outside interrupts, calls the subscribers at once
  /// instead. A payload above 56 bytes takes memory of the bus's pool, in an interrupt also from the reserve.
  /// If something less urgent is queued, it may be evicted: if the queue is full, the oldest event of the
  /// lowest priority; if there is no memory, the oldest event of the lowest priority that has a payload at
  /// least as large.
  /// Returns: false, counted in `dropped`, with every other event in its place, if nothing can be evicted, or
  /// for `no_event`. The pool also counts a payload for which there is no memory: as `oversize` if the pool
  /// could never hold it, else as `exhausted`.
  /// Cost: constant; immediate: the callbacks'. Context: any.
  template <class T>
  MILLPOND_INLINE bool publish(EventId event, const T& data, bool immediate = false) {
    static_assert(std::is_trivially_copyable_v<T>, "Millpond: an event's payload must be trivially copyable");
    static_assert(alignof(T) <= slot_alignment, "Millpond: an event's payload is aligned too strictly");
    static_assert(sizeof(T) <= max_payload, "Millpond: an event's payload must stay below 64 KiB");
    if (event == no_event) return drop(event);
    if constexpr (sizeof(T) > inline_bytes) return publishLarge(event, &data, sizeof(T), immediate);
    return publishPlain(event, &data, sizeof(T), immediate);
  }

  /// As above, for a payload of `size` bytes whose type the compiler does not know.
  /// Returns: false also if it has 64 KiB or more, or is nullptr. Context: any.
  MILLPOND_HOT bool publishBytes(EventId event, const void* data, std::size_t size, bool immediate = false);

  /// Effect: calls the subscribers of up to `max` queued events, the most urgent first, then the oldest.
  /// While a call is in progress, in another task or further up the stack, a second call changes nothing: the
  /// first one delivers all that is queued, up to its own `max`.
  /// Returns: the events processed by this call; if it equals `max`, more may be queued. Context: task.
  std::uint32_t processEvents(std::uint32_t max = max_capacity);

  /// Events that the queue can hold, and events queued at this moment.
  std::uint32_t capacity() const { return capacity_; }
  std::uint32_t queued() const;
  /// Events of `priority` lost because there was no room. Never falls; stays at 2^32 - 1.
  std::uint32_t dropped(EventPriority priority) const {
    return dropped_[static_cast<std::size_t>(priority)].load();
  }

 private:
  friend class LeakWatch;
  // The source of the queue, which is held as long as the bus exists.
  static const char queue_source[];

  static constexpr std::size_t slot_bytes = 64;
  static constexpr std::size_t slot_alignment = 8;
  static constexpr std::size_t inline_bytes = slot_bytes - 8;
  static constexpr std::size_t max_payload = UINT16_MAX;
  static constexpr std::size_t priorities = 4;
  static constexpr std::uint32_t no_slot = ~std::uint32_t{0};

  struct Slot {
    Word ticket;  // order of publication, modulo 2^32: odd while the event is queued
    Word what;    // the event and its payload's size
    alignas(slot_alignment) std::array<std::byte, inline_bytes> payload;  // or a pointer to a larger one
  };
  static_assert(sizeof(Slot) == slot_bytes);
  static_assert(alignof(Slot) <= MemoryConfig::least_alignment, "a slot, and a payload, lies in any granule");

  struct Subscription {
    EventId event{};
    EventPriority priority{};
    Callback callback = nullptr;  // nullptr: the place is vacant
    void* subscriber = nullptr;
    std::uint32_t number = 0;  // in order of subscription
  };

  // An event on its way to its subscribers.
  struct Delivery {
    EventId event;
    std::uint32_t newest;  // the newest subscription that receives it
    std::uint32_t turn = 0;
  };

  MILLPOND_HOT bool publishPlain(EventId event, const void* data, std::size_t size, bool immediate);
  MILLPOND_HOT bool publishLarge(EventId event, const void* data, std::size_t size, bool immediate);
  MILLPOND_HOT bool publishSmall(EventId event, const void* data, std::size_t size);
  MILLPOND_HOT bool drop(EventId event);
  MILLPOND_HOT void enqueue(std::uint32_t index, EventId event, const void* data, std::size_t stored,
                            std::size_t size);
  MILLPOND_HOT void clear(Slot& slot);
  MILLPOND_HOT static void* payloadOf(Slot& slot);
  static std::size_t sizeIn(std::uint32_t what) { return what & max_payload; }
  MILLPOND_HOT std::uint32_t takeSlot(EventPriority priority);
  MILLPOND_HOT std::uint32_t evict(EventPriority priority, std::size_t least);
  MILLPOND_HOT std::uint32_t takeOldest(std::size_t priority, std::size_t least);
  bool processOne();
  void dispatch(const Event& event);
  Subscription nextFor(Delivery& delivery);

  ManagerCore& core_;
  PoolId pool_;
  std::uint32_t capacity_;
  Slot* slots_ = nullptr;
  Word free_;
  std::array<Word, priorities> queued_;
  std::array<Word, priorities> dropped_;
  Word tickets_;
  Word processing_;
  Word subscribed_;
  std::array<Subscription, max_subscriptions> subscriptions_;
  [[no_unique_address]] Port::TaskMutex list_;  // guards the subscriptions; never held in a callback
};

}  // namespace millpond
