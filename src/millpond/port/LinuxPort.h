// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "millpond/port/StdAtomic.h"

namespace millpond::port {

/// The port for a POSIX host: development, tests, simulation, and Linux devices.
class LinuxPort {
 public:
  template <class T>
  using Atomic = StdAtomic<T>;

  /// Cost: one load while the time is driven, else a read of the system's coarse clock.
  static std::uint32_t ticks() {
    const std::uint32_t driven = driven_ticks.load();
    return driven != 0 ? driven : systemTicks();
  }
  static std::uint64_t micros();
  static bool inInterrupt() { return interrupt_depth != 0; }
  static std::uint32_t taskPriority() { return task_priority; }
  static void* heapAllocate(std::size_t bytes);
  static void heapRelease(void* memory);

  /// One lock for the process, as the interrupt mask is one for a chip.
  class Critical {
   public:
    Critical();
    ~Critical();
    Critical(const Critical&) = delete;
    Critical& operator=(const Critical&) = delete;
  };

  class TaskMutex {
   public:
    void lock();
    void unlock();

   private:
    std::mutex mutex_;
  };

  class Event {
   public:
    Event();
    ~Event();
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    bool wait(std::uint64_t deadline_us);
    void notify();

   private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool notified_ = false;
  };

  /// The system's monotonic clock in ticks of 65.536 ms, starting at 1.
  static std::uint32_t systemTicks();

  /// Effect: from now on the time is `ticks` of 65.536 ms, as a device's tick interrupt would drive it;
  /// 0 hands it back to the system's clock. Waiting goes by the system's clock all the same.
  static void driveTicks(std::uint32_t ticks);

  /// As `driveTicks`, in microseconds, of which 0 is a time like any other.
  static void driveMicros(std::uint64_t micros);

  /// Effect: what `taskPriority()` says in the calling thread.
  static void setTaskPriority(std::uint32_t priority) { task_priority = priority; }

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
  static inline StdAtomic<std::uint64_t> driven_micros;
  static inline constinit thread_local unsigned interrupt_depth = 0;
  static inline constinit thread_local std::uint32_t task_priority = 0;
};

}  // namespace millpond::port
