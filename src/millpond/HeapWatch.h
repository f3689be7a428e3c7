// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/EventBus.h"
#include "millpond/Hot.h"
#include "millpond/MemoryEvents.h"

namespace millpond {

/// Tells when the platform's heap has no memory for somebody: Wi-Fi, lwIP, mbedTLS, the program, or
/// Millpond's own fallback. ESP-IDF's heap tells by itself; where a hook of the program hears of it, as
/// FreeRTOS's `vApplicationMallocFailedHook`, the hook calls `tell`.
///
///     HeapWatch::begin(&bus);
///     bus.subscribe(HeapFailed::event, onHeapFailed, EventPriority::critical, &pressure);
///
/// where `onHeapFailed` calls `Pressure::emergencyCleanup` or `MemoryManager::releaseIdlePools`, so that the
/// next attempt finds memory.
class HeapWatch {
 public:
  /// Effect: from now on each such request is counted, and published on `bus`, if any, as `HeapFailed`. On
  /// ESP-IDF this takes the only callback there is for it (`heap_caps_register_failed_alloc_callback`). A
  /// later call changes the bus. Requires: `bus` lives as long as the program. Returns: false if the heap
  /// does not tell, so that only `tell` counts. Context: task.
  static bool begin(EventBus* bus);

  /// Effect: counts and publishes a request that got no memory. Requires: `caller` lives as long as the
  /// program. Context: any.
  MILLPOND_HOT static void tell(std::size_t bytes, std::uint32_t capability = 0, const char* caller = "?");

  /// Requests that got no memory: those that the heap told since `begin`, and those of `tell`. Never falls;
  /// stays at 2^32 - 1. Context: any.
  MILLPOND_HOT static std::uint32_t failures();
};

}  // namespace millpond
