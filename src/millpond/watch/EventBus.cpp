// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/EventBus.h"

#include <new>

#include "millpond/base/Bits.h"
#include "millpond/base/Counter.h"
#include "millpond/port/TaskLock.h"

namespace millpond {

const char EventBus::queue_source[] = "event bus";

EventBus::EventBus(MemoryManager& memory, const Options& options)
    : core_(memory.core()),
      pool_(options.pool),
      capacity_(options.capacity < max_capacity ? options.capacity : max_capacity) {
  if (capacity_ == 0) return;
  void* queue = core_.allocateSlow(sizeof(Slot) * capacity_, queue_source, {Terms::ordinary, pool_});
  if (queue == nullptr) return;
  slots_ = new (queue) Slot[capacity_];
  free_.store(bits::ones(capacity_));
}

EventBus::~EventBus() {
  if (slots_ == nullptr) return;
  for (std::size_t priority = 0; priority < priorities; ++priority) {
    for (std::uint32_t slot = takeOldest(priority, 0); slot != no_slot; slot = takeOldest(priority, 0)) {
      clear(slots_[slot]);
    }
  }
  core_.freeSlow(slots_);
}

bool EventBus::subscribe(EventId event, Callback callback, EventPriority priority, void* subscriber) {
  // Without a capacity it is not constructed yet.
  if (event == no_event || callback == nullptr || capacity_ == 0) return false;
  const port::TaskLock lock(list_);
  for (Subscription& place : subscriptions_) {
    if (place.callback != nullptr) continue;
    const std::uint32_t number = subscribed_.load() + 1;
    if (number == 0) {
      for (Subscription& before : subscriptions_) before.number = 0;
    }
    place = {event, priority, callback, subscriber, number};
    subscribed_.store(number);
    return true;
  }
  return false;
}

bool EventBus::unsubscribe(EventId event, Callback callback, void* subscriber) {
  if (callback == nullptr) return false;
  const port::TaskLock lock(list_);
  for (Subscription& place : subscriptions_) {
    if (place.callback != callback || place.event != event || place.subscriber != subscriber) continue;
    place = {};
    return true;
  }
  return false;
}

bool EventBus::publishBytes(EventId event, const void* data, std::size_t size, bool immediate) {
  if (event == no_event || size > max_payload || (data == nullptr && size != 0)) return drop(event);
  if (size > inline_bytes) return publishLarge(event, data, size, immediate);
  return publishPlain(event, data, size, immediate);
}

bool EventBus::publishPlain(EventId event, const void* data, std::size_t size, bool immediate) {
  if (!immediate || Port::inInterrupt()) return publishSmall(event, data, size);
  dispatch({event, data, size});
  return true;
}

// Separate, so that the library's own events, which are small, never reach code that takes memory. Memory is
// taken first, so that no event is evicted for one that is then lost. If there is no memory, a less urgent
// event's memory is used.
bool EventBus::publishLarge(EventId event, const void* data, std::size_t size, bool immediate) {
  if (immediate && !Port::inInterrupt()) return publishPlain(event, data, size, immediate);
  if (slots_ == nullptr) return drop(event);  // also before construction, when there is no manager
  void* place = core_.allocatePayload(size, pool_);
  const std::uint32_t slot = place != nullptr ? takeSlot(priorityOf(event)) : evict(priorityOf(event), size);
  if (slot == no_slot) {
    if (place != nullptr) core_.freePayload(place, pool_);
    return drop(event);
  }
  if (place == nullptr) place = payloadOf(slots_[slot]);
  __builtin_memcpy(place, data, size);
  enqueue(slot, event, &place, sizeof(place), size);
  return true;
}

bool EventBus::publishSmall(EventId event, const void* data, std::size_t size) {
  const std::uint32_t slot = takeSlot(priorityOf(event));
  if (slot == no_slot) return drop(event);
  enqueue(slot, event, data, size, size);
  return true;
}

bool EventBus::drop(EventId event) {
  counter::increment(dropped_[static_cast<std::size_t>(priorityOf(event))]);
  return false;
}

// Of `size` bytes of payload, `stored` bytes are in the slot: all of them, or a pointer to them.
void EventBus::enqueue(std::uint32_t index, EventId event, const void* data, std::size_t stored,
                       std::size_t size) {
  Slot& slot = slots_[index];
  if (stored != 0) __builtin_memcpy(slot.payload.data(), data, stored);  // data may be nullptr
  slot.what.store(static_cast<std::uint32_t>(event) << 16U | static_cast<std::uint32_t>(size));
  const std::uint32_t ticket =
      tickets_.update([](std::uint32_t tickets) MILLPOND_INLINED { return tickets + 2; });
  slot.ticket.storeOrdered(ticket | 1U);
  queued_[static_cast<std::size_t>(priorityOf(event))].setBits(std::uint32_t{1} << index);
}

// A free slot, or the slot of an evicted event of a lower priority.
std::uint32_t EventBus::takeSlot(EventPriority priority) {
  const std::uint32_t free = free_.update(bits::takeLowest);
  if (free != 0) return bits::lowest(free);
  const std::uint32_t slot = evict(priority, 0);
  if (slot != no_slot) clear(slots_[slot]);
  return slot;
}

// The slot of a less urgent event with a payload of at least `least` bytes; the slot keeps a large payload's
// memory.
std::uint32_t EventBus::evict(EventPriority priority, std::size_t least) {
  for (std::size_t lower = priorities - 1; lower > static_cast<std::size_t>(priority); --lower) {
    const std::uint32_t slot = takeOldest(lower, least);
    if (slot == no_slot) continue;
    counter::increment(dropped_[lower]);
    return slot;
  }
  return no_slot;
}

void* EventBus::payloadOf(Slot& slot) {
  if (sizeIn(slot.what.load()) <= inline_bytes) return slot.payload.data();
  void* place = nullptr;
  __builtin_memcpy(&place, slot.payload.data(), sizeof(place));
  return place;
}

// Requires: the caller owns the slot.
void EventBus::clear(Slot& slot) {
  if (sizeIn(slot.what.load()) > inline_bytes) core_.freePayload(payloadOf(slot), pool_);
}

// The caller that makes the ticket even owns the slot: a slot that was reused meanwhile has another ticket.
// Until then the event stays queued, so that no caller takes a younger one before it.
std::uint32_t EventBus::takeOldest(std::size_t priority, std::size_t least) {
  while (true) {
    std::uint32_t oldest = no_slot;
    std::uint32_t first = 0;
    std::uint32_t queued = queued_[priority].loadOrdered();
    for (; queued != 0; queued = bits::withoutLowest(queued)) {
      Slot& slot = slots_[bits::lowest(queued)];
      const std::uint32_t ticket = slot.ticket.loadOrdered();
      if ((ticket & 1U) == 0 || sizeIn(slot.what.load()) < least) continue;
      // Comes after the ticket, which orders this read: the ticket may belong to a more urgent event that has
      // this slot by now.
      if ((queued_[priority].load() & bits::lowestBit(queued)) == 0) continue;
      // Tickets wrap: the older of two is behind by less than half of the range.
      if (oldest != no_slot && ticket - first < (1U << 31U)) continue;
      oldest = bits::lowest(queued);
      first = ticket;
    }
    if (oldest == no_slot) return no_slot;
    if (!slots_[oldest].ticket.compareExchange(first, first ^ 1U)) continue;
    queued_[priority].clearBits(std::uint32_t{1} << oldest);
    return oldest;
  }
}

// Only one task delivers at a time, so that events of equal priority are delivered in order. A concurrent
// caller sets a flag, and the first checks once more. The flag is written even if it is already set: see
// `Pressure`.
std::uint32_t EventBus::processEvents(std::uint32_t max) {
  constexpr std::uint32_t busy = 1;
  constexpr std::uint32_t again = 2;
  if (processing_.setBits(busy | again) != 0) return 0;
  std::uint32_t processed = 0;
  do {
    processing_.clearBits(again);
    while (processed < max && processOne()) ++processed;
  } while (processing_.update([](std::uint32_t seen) MILLPOND_INLINED { return seen == busy ? 0 : seen; }) !=
           busy);
  return processed;
}

inline bool EventBus::processOne() {
  std::uint32_t index = no_slot;
  for (std::size_t priority = 0; priority < priorities && index == no_slot; ++priority) {
    index = takeOldest(priority, 0);
  }
  if (index == no_slot) return false;
  Slot& slot = slots_[index];
  const std::uint32_t what = slot.what.load();
  dispatch({static_cast<EventId>(what >> 16U), payloadOf(slot), sizeIn(what)});
  clear(slot);
  free_.setBits(std::uint32_t{1} << index);
  return true;
}

void EventBus::dispatch(const Event& event) {
  Delivery delivery{event.id(), subscribed_.load()};
  while (true) {
    const Subscription next = nextFor(delivery);
    if (next.callback == nullptr) return;
    next.callback(next.subscriber, event);
  }
}

// The next subscription in order of priority and then of place.
inline EventBus::Subscription EventBus::nextFor(Delivery& delivery) {
  const port::TaskLock lock(list_);
  while (delivery.turn < priorities * max_subscriptions) {
    const Subscription& place = subscriptions_[delivery.turn % max_subscriptions];
    const auto priority = static_cast<EventPriority>(delivery.turn / max_subscriptions);
    ++delivery.turn;
    const bool hears =
        place.callback != nullptr && place.event == delivery.event && place.number <= delivery.newest;
    if (hears && place.priority == priority) return place;
  }
  return {};
}

std::uint32_t EventBus::queued() const {
  std::uint32_t events = 0;
  for (const Word& word : queued_) events += bits::count(word.load());
  return events;
}

}  // namespace millpond
