// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/EventBus.h"
#include "millpond/MemoryEvent.h"
#include "millpond/MemoryStats.h"
#include "millpond/PressureLevel.h"

namespace millpond {

/// The payloads of Millpond's own events, each with its event id.

/// The pressure level changed.
struct PressureChanged {
  static constexpr EventId event = eventId(1, EventPriority::critical);
  /// The inputs that led to the level.
  struct Figures {
    /// Of the heap, in bytes; SIZE_MAX if the heap cannot tell. The largest block is the last poll's;
    /// SIZE_MAX also stands for 4 GiB and above.
    std::size_t free_bytes = SIZE_MAX;
    std::size_t largest_block = SIZE_MAX;
    Occupancy pools;
  };
  PressureLevel from;
  PressureLevel to;
  Figures figures;
};

/// A reclaimer ran: after the level rose, or whenever it gave memory back.
struct Reclaimed {
  static constexpr EventId event = eventId(2, EventPriority::high);
  const char* name;
  std::size_t bytes;
};

/// A reclaimable pool's memory was released to the heap or reacquired from it.
struct PoolsMoved {
  static constexpr EventId event = eventId(3, EventPriority::high);
  bool released;
  std::size_t bytes;
};

/// A request found its pool empty or too small (`exhausted`), was served by the heap (`fallback`) or got
/// nullptr (`refused`, also for an invalid request); a free was refused; a block was found overwritten. The
/// payload is the `MemoryEvent`, whose kind gives the details.
namespace memory_events {
inline constexpr EventId exhausted = eventId(4, EventPriority::normal);
inline constexpr EventId fallback = eventId(5, EventPriority::normal);
inline constexpr EventId refused = eventId(6, EventPriority::high);
inline constexpr EventId rejected_free = eventId(7, EventPriority::high);
inline constexpr EventId guard_violation = eventId(8, EventPriority::critical);

/// The event of each `MemoryEvent::Kind`, in the order of the kinds.
MILLPOND_HOT_DATA inline constexpr std::array of{exhausted,     exhausted, fallback,        refused,
                                                 rejected_free, refused,   guard_violation, no_event};
static_assert(of.size() == static_cast<std::size_t>(MemoryEvent::Kind::heap_changed) + 1);
}  // namespace memory_events

/// A block has lived far longer than its source's blocks usually do, or as long as the age that was set.
struct LeakSuspected {
  static constexpr EventId event = eventId(9, EventPriority::normal);
  const char* source;
  PoolId pool;
  std::uint32_t index;
  std::size_t size;
  std::uint64_t age_ms;
  /// The longest life of this source's blocks, as learnt; 0 if the age was set by hand.
  std::uint64_t usual_ms;
  /// The task that took the block, if the build keeps it.
  [[no_unique_address]] TaskName task{};
};

/// A block is no longer suspected: one event for each `LeakSuspected`, unless the block leaked.
struct LeakCleared {
  static constexpr EventId event = eventId(10, EventPriority::normal);
  const char* source;
  PoolId pool;
  std::uint32_t index;
  /// How long the block lived, at most.
  std::uint64_t age_ms;
  /// Whether the block was given back. Otherwise it is still held, and other blocks of its source turned out
  /// to live as long, or another age was set.
  bool came_back;
};

/// The platform's heap had no memory for somebody: see `HeapWatch`.
struct HeapFailed {
  static constexpr EventId event = eventId(11, EventPriority::critical);
  /// Bytes requested, and ESP-IDF's MALLOC_CAP_* flags.
  std::size_t bytes;
  std::uint32_t capability;
  /// The function of the heap that was called.
  const char* caller;
};

}  // namespace millpond
