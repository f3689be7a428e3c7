// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/adapters/millpond_events.h"

#include <cstddef>
#include <new>

#include "millpond/HeapWatch.h"
#include "millpond/Hot.h"
#include "millpond/adapters/CEvents.h"

namespace millpond {
namespace {

static_assert(MILLPOND_PRESSURE_CHANGED == static_cast<unsigned>(PressureChanged::event));
static_assert(MILLPOND_EXHAUSTED == static_cast<unsigned>(memory_events::exhausted));
static_assert(MILLPOND_FALLBACK == static_cast<unsigned>(memory_events::fallback));
static_assert(MILLPOND_REFUSED == static_cast<unsigned>(memory_events::refused));
static_assert(MILLPOND_REJECTED_FREE == static_cast<unsigned>(memory_events::rejected_free));
static_assert(MILLPOND_GUARD_VIOLATION == static_cast<unsigned>(memory_events::guard_violation));
static_assert(MILLPOND_LEAK_SUSPECTED == static_cast<unsigned>(LeakSuspected::event));
static_assert(MILLPOND_LEAK_CLEARED == static_cast<unsigned>(LeakCleared::event));
static_assert(MILLPOND_HEAP_FAILED == static_cast<unsigned>(HeapFailed::event));
static_assert(MILLPOND_RECLAIMED == static_cast<unsigned>(Reclaimed::event));
static_assert(MILLPOND_POOLS_MOVED == static_cast<unsigned>(PoolsMoved::event));

// C reads the payloads as they are.
static_assert(sizeof(millpond_pressure_changed) == sizeof(PressureChanged));
static_assert(offsetof(millpond_pressure_changed, to) == offsetof(PressureChanged, to));
static_assert(offsetof(millpond_pressure_changed, free_bytes) == offsetof(PressureChanged, figures));
static_assert(sizeof(millpond_memory_event) == sizeof(MemoryEvent));
static_assert(offsetof(millpond_memory_event, pointer) == offsetof(MemoryEvent, pointer));
static_assert(offsetof(millpond_memory_event, kind) == offsetof(MemoryEvent, kind));
static_assert(offsetof(millpond_memory_event, pool) == offsetof(MemoryEvent, pool));
static_assert(sizeof(millpond_leak_suspected) == sizeof(LeakSuspected));
static_assert(offsetof(millpond_leak_suspected, pool) == offsetof(LeakSuspected, pool));
static_assert(offsetof(millpond_leak_suspected, size) == offsetof(LeakSuspected, size));
static_assert(offsetof(millpond_leak_suspected, usual_ms) == offsetof(LeakSuspected, usual_ms));
static_assert(sizeof(millpond_leak_cleared) == sizeof(LeakCleared));
static_assert(offsetof(millpond_leak_cleared, came_back) == offsetof(LeakCleared, came_back));
static_assert(sizeof(millpond_heap_failed) == sizeof(HeapFailed));
static_assert(offsetof(millpond_heap_failed, caller) == offsetof(HeapFailed, caller));
static_assert(sizeof(millpond_reclaimed) == sizeof(Reclaimed));
static_assert(sizeof(millpond_pools_moved) == sizeof(PoolsMoved));

static_assert(sizeof(Reclaimer) <= sizeof(millpond_reclaimer::private_words));
static_assert(alignof(Reclaimer) <= alignof(void*));

MILLPOND_INLINE EventBus& own(millpond_bus* bus) { return *reinterpret_cast<EventBus*>(bus); }
Pressure& own(millpond_pressure* pressure) { return *reinterpret_cast<Pressure*>(pressure); }
LeakWatch& own(millpond_leaks* leaks) { return *reinterpret_cast<LeakWatch*>(leaks); }
MILLPOND_INLINE EventId idOf(millpond_event_id event) { return static_cast<EventId>(event); }

void hear(void* subscription, const Event& event) {
  const auto& to = *static_cast<const millpond_subscription*>(subscription);
  const millpond_event seen{event.data(), event.size(), static_cast<millpond_event_id>(event.id())};
  to.callback(to.subscriber, &seen);
}

std::size_t reclaim(void* reclaimer, PressureLevel level) {
  const auto& of = *static_cast<millpond_reclaimer*>(reclaimer);
  return of.callback(of.context, static_cast<millpond_level>(level));
}

}  // namespace

extern "C" {

bool millpond_subscribe(millpond_bus* bus, millpond_event_id event, millpond_priority priority,
                        const millpond_subscription* subscription) {
  if (subscription == nullptr || subscription->callback == nullptr || priority > MILLPOND_LOW) return false;
  return own(bus).subscribe(idOf(event), hear, static_cast<EventPriority>(priority),
                            const_cast<millpond_subscription*>(subscription));
}
bool millpond_unsubscribe(millpond_bus* bus, millpond_event_id event,
                          const millpond_subscription* subscription) {
  return own(bus).unsubscribe(idOf(event), hear, const_cast<millpond_subscription*>(subscription));
}

MILLPOND_HOT bool millpond_publish(millpond_bus* bus, millpond_event_id event, const void* data,
                                   size_t size) {
  return own(bus).publishBytes(idOf(event), data, size);
}
MILLPOND_HOT bool millpond_publish_now(millpond_bus* bus, millpond_event_id event, const void* data,
                                       size_t size) {
  return own(bus).publishBytes(idOf(event), data, size, true);
}
uint32_t millpond_process_events(millpond_bus* bus, uint32_t max) { return own(bus).processEvents(max); }
uint32_t millpond_dropped_events(const millpond_bus* bus, millpond_priority priority) {
  if (priority > MILLPOND_LOW) return 0;
  return own(const_cast<millpond_bus*>(bus)).dropped(static_cast<EventPriority>(priority));
}

millpond_level millpond_pressure_level(const millpond_pressure* pressure) {
  return static_cast<millpond_level>(own(const_cast<millpond_pressure*>(pressure)).level());
}
millpond_level millpond_poll_pressure(millpond_pressure* pressure) {
  return static_cast<millpond_level>(own(pressure).poll());
}
size_t millpond_emergency_cleanup(millpond_pressure* pressure) {
  return own(pressure).emergencyCleanup().bytes;
}

bool millpond_add_reclaimer(millpond_pressure* pressure, millpond_reclaimer* reclaimer) {
  if (reclaimer == nullptr || reclaimer->registered || reclaimer->callback == nullptr) return false;
  auto* const made = new (reclaimer->private_words)
      Reclaimer(reclaimer->name, reclaimer->priority, reclaimer->estimate, reclaim, reclaimer);
  reclaimer->registered = own(pressure).add(*made);
  return reclaimer->registered;
}
bool millpond_remove_reclaimer(millpond_pressure* pressure, millpond_reclaimer* reclaimer) {
  if (reclaimer == nullptr || !reclaimer->registered) return false;
  reclaimer->registered =
      !own(pressure).remove(*std::launder(reinterpret_cast<Reclaimer*>(reclaimer->private_words)));
  return !reclaimer->registered;
}

bool millpond_watch_heap(millpond_bus* bus) { return HeapWatch::begin(bus != nullptr ? &own(bus) : nullptr); }
MILLPOND_HOT void millpond_tell_heap_failure(size_t bytes, uint32_t capability, const char* caller) {
  if (caller == nullptr) return HeapWatch::tell(bytes, capability);
  HeapWatch::tell(bytes, capability, caller);
}
MILLPOND_HOT uint32_t millpond_heap_failures(void) { return HeapWatch::failures(); }

size_t millpond_poll_leaks(millpond_leaks* leaks) { return own(leaks).poll(); }
void millpond_set_leak_age(millpond_leaks* leaks, uint64_t age_ms) { own(leaks).setAge(age_ms); }

}  // extern "C"

}  // namespace millpond
