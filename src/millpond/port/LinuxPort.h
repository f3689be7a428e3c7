// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/port/StdAtomic.h"

namespace millpond::port {

/// The port for a POSIX host: development, tests, simulation, and Linux devices.
class LinuxPort {
 public:
  template <class T>
  using Atomic = StdAtomic<T>;

  /// Cost: one load while a `TickSource` drives the time, else a read of the system's coarse clock.
  static std::uint32_t ticks() {
    const std::uint32_t driven = driven_ticks.load();
    return driven != 0 ? driven : systemTicks();
  }
  static bool inInterrupt() { return interrupt_depth != 0; }
  static void* heapAllocate(std::size_t bytes);
  static void heapRelease(void* memory);

  /// The system's monotonic clock in ticks of 65.536 ms. Never 0.
  static std::uint32_t systemTicks();

  /// Effect: from now on `ticks()` returns `ticks`, as a device's tick interrupt would drive it;
  /// 0 hands the time back to the system's clock.
  static void driveTicks(std::uint32_t ticks) { driven_ticks.store(ticks); }

  /// While one lives, the calling thread counts as an interrupt: a host's stand-in for the real thing.
  class InterruptScope {
   public:
    InterruptScope() { ++interrupt_depth; }
    ~InterruptScope() { --interrupt_depth; }
    InterruptScope(const InterruptScope&) = delete;
    InterruptScope& operator=(const InterruptScope&) = delete;
  };

 private:
  static inline StdAtomic<std::uint32_t> driven_ticks;
  static inline constinit thread_local unsigned interrupt_depth = 0;
};

using SelectedPort = LinuxPort;

}  // namespace millpond::port
