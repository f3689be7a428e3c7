// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

/// Events, pressure and the leak watch for C11, beside `millpond_c.h`. One C++ file defines what is used, in
/// this order:
///
///     #include <millpond/adapters/CEvents.h>
///     MILLPOND_C_MANAGER(device, config)
///     MILLPOND_C_EVENT_BUS(events, device)
///     MILLPOND_C_PRESSURE(pressure, device, events)
///     MILLPOND_C_LEAK_WATCH(leaks, device, events)
///
/// and every C file uses them by these names:
///
///     MILLPOND_C_DECLARE_EVENT_BUS(events);
///     static millpond_subscription level = {onPressure, NULL};
///     millpond_subscribe(events(), MILLPOND_PRESSURE_CHANGED, MILLPOND_HIGH, &level);
///
/// Until the program's constructors have run, each refuses what it is asked; an age of leaks set then is
/// lost. `EventBus.h`, `Pressure.h` and `LeakWatch.h` are the manual for costs and for what is counted.

#include "millpond/adapters/millpond_c.h"

#ifdef __cplusplus
extern "C" {
#endif

// NOLINTBEGIN(modernize-use-using): C has no aliases

/// An event bus: `EventBus`.
typedef struct millpond_bus millpond_bus;
/// Watches how short memory is: `Pressure`.
typedef struct millpond_pressure millpond_pressure;
/// Finds leaks: `LeakWatch`.
typedef struct millpond_leaks millpond_leaks;
/// Each declares what the macro of its name defines.
#define MILLPOND_C_DECLARE_EVENT_BUS(name) MILLPOND_C_FUNCTION millpond_bus* name(void)
#define MILLPOND_C_DECLARE_PRESSURE(name) MILLPOND_C_FUNCTION millpond_pressure* name(void)
#define MILLPOND_C_DECLARE_LEAK_WATCH(name) MILLPOND_C_FUNCTION millpond_leaks* name(void)

/// How urgent an event is, and the order in which the subscribers of one event are called.
typedef uint8_t millpond_priority;
enum { MILLPOND_CRITICAL, MILLPOND_HIGH, MILLPOND_NORMAL, MILLPOND_LOW };

/// The kind of an event: a number below 16384, and the priority. Numbers below 64 are Millpond's own.
typedef uint16_t millpond_event_id;
#define MILLPOND_EVENT(number, priority) \
  ((millpond_event_id)((unsigned)(priority) << 14U | (unsigned)(number)))

/// Millpond's own events, each with its payload.
/// `millpond_pressure_changed`:
#define MILLPOND_PRESSURE_CHANGED MILLPOND_EVENT(1, MILLPOND_CRITICAL)
/// `millpond_reclaimed`:
#define MILLPOND_RECLAIMED MILLPOND_EVENT(2, MILLPOND_HIGH)
/// `millpond_pools_moved`:
#define MILLPOND_POOLS_MOVED MILLPOND_EVENT(3, MILLPOND_HIGH)
/// `millpond_memory_event`:
#define MILLPOND_EXHAUSTED MILLPOND_EVENT(4, MILLPOND_NORMAL)
#define MILLPOND_FALLBACK MILLPOND_EVENT(5, MILLPOND_NORMAL)
#define MILLPOND_REFUSED MILLPOND_EVENT(6, MILLPOND_HIGH)
#define MILLPOND_REJECTED_FREE MILLPOND_EVENT(7, MILLPOND_HIGH)
#define MILLPOND_GUARD_VIOLATION MILLPOND_EVENT(8, MILLPOND_CRITICAL)
/// `millpond_leak_suspected`:
#define MILLPOND_LEAK_SUSPECTED MILLPOND_EVENT(9, MILLPOND_NORMAL)
/// `millpond_leak_cleared`:
#define MILLPOND_LEAK_CLEARED MILLPOND_EVENT(10, MILLPOND_NORMAL)
/// `millpond_heap_failed`:
#define MILLPOND_HEAP_FAILED MILLPOND_EVENT(11, MILLPOND_CRITICAL)

/// How short memory is: 0 normal, 1 warning, 2 critical.
typedef uint8_t millpond_level;

/// As `PressureChanged`.
typedef struct millpond_pressure_changed {
  millpond_level from;
  millpond_level to;
  size_t free_bytes;
  size_t largest_block;
  millpond_occupancy pools;
} millpond_pressure_changed;

/// As `Reclaimed`.
typedef struct millpond_reclaimed {
  const char* name;
  size_t bytes;
} millpond_reclaimed;

/// As `PoolsMoved`.
typedef struct millpond_pools_moved {
  bool released;
  size_t bytes;
} millpond_pools_moved;

/// As `MemoryEvent`.
typedef struct millpond_memory_event {
  const char* source;
  size_t size;
  const void* pointer;
  uint32_t block;
  uint8_t kind;
  millpond_pool pool;
} millpond_memory_event;

/// As `LeakSuspected`.
typedef struct millpond_leak_suspected {
  const char* source;
  millpond_pool pool;
  uint32_t index;
  size_t size;
  uint64_t age_ms;
  uint64_t usual_ms;
#if CONFIG_MILLPOND_TASK_NAMES
  char task[16];
#endif
} millpond_leak_suspected;

/// As `LeakCleared`.
typedef struct millpond_leak_cleared {
  const char* source;
  millpond_pool pool;
  uint32_t index;
  uint64_t age_ms;
  bool came_back;
} millpond_leak_cleared;

/// As `HeapFailed`.
typedef struct millpond_heap_failed {
  size_t bytes;
  uint32_t capability;
  const char* caller;
} millpond_heap_failed;

/// An event as its subscribers see it, until the callback returns.
typedef struct millpond_event {
  const void* data;
  size_t size;
  millpond_event_id id;
} millpond_event;

/// Who hears an event. It outlives its subscriptions.
typedef struct millpond_subscription {
  void (*callback)(void* subscriber, const millpond_event* event);
  void* subscriber;
} millpond_subscription;

/// Calls the callback for each event of this kind, from now on. Returns: false if the bus has 16
/// subscriptions, there is no callback, or a value is no event or no priority. Context: task.
bool millpond_subscribe(millpond_bus* bus, millpond_event_id event, millpond_priority priority,
                        const millpond_subscription* subscription);
/// Ends that. Returns: false if there is no such subscription. Context: task.
bool millpond_unsubscribe(millpond_bus* bus, millpond_event_id event,
                          const millpond_subscription* subscription);
/// Queues the event with a copy of its payload. Returns: false, counted, if there is no room. Context: any.
bool millpond_publish(millpond_bus* bus, millpond_event_id event, const void* data, size_t size);
/// As above, but calls the subscribers at once; in an interrupt it queues the event. Context: any.
bool millpond_publish_now(millpond_bus* bus, millpond_event_id event, const void* data, size_t size);
/// Calls the subscribers of up to `max` queued events. Returns: the events processed. Context: task.
uint32_t millpond_process_events(millpond_bus* bus, uint32_t max);
/// Events of this priority that were lost; 0 for a value that is no priority. Context: any.
uint32_t millpond_dropped_events(const millpond_bus* bus, millpond_priority priority);

/// The level at this moment. Context: any.
millpond_level millpond_pressure_level(const millpond_pressure* pressure);
/// Looks at memory and acts: runs reclaimers, moves pools. Returns: the level. Context: task.
millpond_level millpond_poll_pressure(millpond_pressure* pressure);
/// Runs every reclaimer and releases every idle pool. Returns: the bytes freed. Context: task.
size_t millpond_emergency_cleanup(millpond_pressure* pressure);

/// How a component gives memory back. It outlives its registration, and its name every event
/// about it.
typedef struct millpond_reclaimer {
  /// Returns: the bytes given back.
  size_t (*callback)(void* context, millpond_level level);
  void* context;
  const char* name;
  /// About how many bytes it can yield.
  size_t estimate;
  /// Lower runs first.
  uint8_t priority;
  /// Millpond's own; zeroed at first.
  bool registered;
  void* private_words[10];
} millpond_reclaimer;
/// Runs the reclaimer under pressure from now on. Returns: false if it is registered already or has no
/// callback. Context: task.
bool millpond_add_reclaimer(millpond_pressure* pressure, millpond_reclaimer* reclaimer);
/// Ends that. Returns: false if it is not registered here. Context: task.
bool millpond_remove_reclaimer(millpond_pressure* pressure, millpond_reclaimer* reclaimer);

/// Counts each request that the platform's heap refuses to anybody, and publishes it on `bus`, unless that is
/// NULL: `HeapWatch`. Returns: false if the heap does not tell. Context: task.
bool millpond_watch_heap(millpond_bus* bus);
/// The same for one that a hook of the program hears of. `caller` is NULL or lives as long as the program.
/// Context: any.
void millpond_tell_heap_failure(size_t bytes, uint32_t capability, const char* caller);
/// Requests that got no memory from the platform's heap. Context: any.
uint32_t millpond_heap_failures(void);

/// Inspects every held block. Returns: the blocks suspected. Context: task.
size_t millpond_poll_leaks(millpond_leaks* leaks);
/// Suspects every block of this age; 0: none by its age alone. Context: as `millpond_poll_leaks`.
void millpond_set_leak_age(millpond_leaks* leaks, uint64_t age_ms);

// NOLINTEND(modernize-use-using)

#ifdef __cplusplus
}
#endif
