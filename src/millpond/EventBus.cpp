// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/EventBus.h"

#include <new>

#include "millpond/Bits.h"
#include "millpond/Counter.h"
#include "millpond/port/TaskLock.h"

namespace millpond {

namespace {
constexpr const char* queue_source = "event bus";
}  // namespace

EventBus::EventBus(MemoryManager& memory) : memory_(memory) {
  void* queue = memory.allocateGeneralBuffer(sizeof(Slot) * capacity, queue_source);
  if (queue == nullptr) return;
  slots_ = new (queue) Slot[capacity];
  free_.store(bits::ones(capacity));
}

EventBus::~EventBus() {
  if (slots_ == nullptr) return;
  for (std::size_t priority = 0; priority < priorities; ++priority) {
    for (std::uint32_t slot = takeOldest(priority); slot != no_slot; slot = takeOldest(priority)) {
      clear(slots_[slot]);
    }
  }
  memory_.deallocate(slots_);
}

bool EventBus::subscribe(EventId event, Callback callback, EventPriority priority, void* subscriber) {
  const port::TaskLock lock(list_);
  for (Subscription& place : subscriptions_) {
    if (place.callback != nullptr) continue;
    place = {event, priority, callback, subscriber};
    return true;
  }
  return false;
}

bool EventBus::unsubscribe(EventId event, Callback callback, void* subscriber) {
  const port::TaskLock lock(list_);
  for (Subscription& place : subscriptions_) {
    if (place.callback != callback || place.event != event || place.subscriber != subscriber) continue;
    place = {};
    return true;
  }
  return false;
}

bool EventBus::publishBytes(EventId event, const void* data, std::size_t size, bool immediate) {
  if (!immediate || Port::inInterrupt()) return publishSmall(event, data, size);
  dispatch({event, data, size});
  return true;
}

// Apart, so that an event of the library's own, which is small, never comes to take memory. The slot first:
// it may be that of a less urgent event, whose memory this one then has.
bool EventBus::publishLarge(EventId event, const void* data, std::size_t size, bool immediate) {
  if (immediate && !Port::inInterrupt()) return publishBytes(event, data, size, immediate);
  const std::uint32_t slot = takeSlot(priorityOf(event));
  void* place = slot != no_slot ? memory_.allocatePayload(size) : nullptr;
  if (place == nullptr) {
    if (slot != no_slot) free_.setBits(std::uint32_t{1} << slot);
    return drop(event);
  }
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

// Of `size` bytes of payload what is `stored` in the slot: all, or a pointer to them.
void EventBus::enqueue(std::uint32_t index, EventId event, const void* data, std::size_t stored,
                       std::size_t size) {
  Slot& slot = slots_[index];
  __builtin_memcpy(slot.payload.data(), data, stored);
  slot.id = event;
  slot.size = static_cast<std::uint16_t>(size);
  slot.ticket.store(tickets_.update([](std::uint32_t tickets) { return tickets + 1; }));
  queued_[static_cast<std::size_t>(priorityOf(event))].setBits(std::uint32_t{1} << index);
}

// A free slot, or one that an event of a lower priority gives up.
std::uint32_t EventBus::takeSlot(EventPriority priority) {
  const std::uint32_t free = free_.update(bits::withoutLowest);
  if (free != 0) return bits::lowest(free);
  for (std::size_t lower = priorities - 1; lower > static_cast<std::size_t>(priority); --lower) {
    const std::uint32_t slot = takeOldest(lower);
    if (slot == no_slot) continue;
    clear(slots_[slot]);
    counter::increment(dropped_[lower]);
    return slot;
  }
  return no_slot;
}

const void* EventBus::payloadOf(const Slot& slot) {
  if (slot.size <= inline_bytes) return slot.payload.data();
  void* place = nullptr;
  __builtin_memcpy(&place, slot.payload.data(), sizeof(place));
  return place;
}

// Requires: the caller owns the slot.
void EventBus::clear(Slot& slot) {
  if (slot.size > inline_bytes) memory_.freePayload(const_cast<void*>(payloadOf(slot)));
}

std::uint32_t EventBus::takeOldest(std::size_t priority) {
  while (true) {
    const std::uint32_t queued = queued_[priority].load();
    if (queued == 0) return no_slot;
    std::uint32_t oldest = bits::lowest(queued);
    for (std::uint32_t rest = bits::withoutLowest(queued); rest != 0; rest = bits::withoutLowest(rest)) {
      const std::uint32_t slot = bits::lowest(rest);
      // Tickets wrap: what counts is which of the two is ahead by less than half the circle.
      const std::uint32_t ahead = slots_[oldest].ticket.load() - slots_[slot].ticket.load();
      if (ahead < (1U << 31U)) oldest = slot;
    }
    // Whoever clears the bit owns the slot.
    if (queued_[priority].clearBits(std::uint32_t{1} << oldest) != 0) return oldest;
  }
}

std::uint32_t EventBus::processEvents(std::uint32_t max) {
  std::uint32_t processed = 0;
  while (processed < max) {
    std::uint32_t slot = no_slot;
    for (std::size_t priority = 0; priority < priorities && slot == no_slot; ++priority) {
      slot = takeOldest(priority);
    }
    if (slot == no_slot) break;
    dispatch({slots_[slot].id, payloadOf(slots_[slot]), slots_[slot].size});
    clear(slots_[slot]);
    free_.setBits(std::uint32_t{1} << slot);
    ++processed;
  }
  return processed;
}

void EventBus::dispatch(const Event& event) {
  std::uint32_t turn = 0;
  while (true) {
    const Subscription next = nextFor(event.id(), turn);
    if (next.callback == nullptr) return;
    next.callback(next.subscriber, event);
  }
}

// The first subscription from `turn` on, in order of priority and then of place, and the turn after it.
EventBus::Subscription EventBus::nextFor(EventId event, std::uint32_t& turn) {
  const port::TaskLock lock(list_);
  while (turn < priorities * max_subscriptions) {
    const Subscription& place = subscriptions_[turn % max_subscriptions];
    const auto priority = static_cast<EventPriority>(turn / max_subscriptions);
    ++turn;
    if (place.callback != nullptr && place.event == event && place.priority == priority) return place;
  }
  return {};
}

std::uint32_t EventBus::queued() const {
  std::uint32_t events = 0;
  for (const Word& word : queued_) events += bits::count(word.load());
  return events;
}

}  // namespace millpond
