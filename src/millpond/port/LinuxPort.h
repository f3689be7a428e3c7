// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <pthread.h>

#include <cstddef>
#include <cstdint>
#include <mutex>

#include "millpond/port/StdAtomic.h"
#include "millpond/port/TaskSettings.h"

namespace millpond::port {

/// The port for Linux: development, tests, simulation, and Linux devices.
///
/// A signal handler that holds an `InterruptScope` is an interrupt: it may make every call with "Context:
/// any", no matter what it interrupted, including the library in the same thread. Without the scope it counts
/// as the task that it interrupted, and must not call the library.
class LinuxPort {
 public:
  template <class T>
  using Atomic = StdAtomic<T>;

  /// Cost: one load while the time is driven, else a read of the system's coarse clock.
  static std::uint32_t ticks() {
    const std::uint32_t ticks = driven_ticks.load();
    return ticks != 0 ? ticks : ticksAtZero();
  }
  static std::uint64_t micros();
  static bool inInterrupt() { return interrupt_depth != 0; }
  static std::uint32_t taskPriority() { return task_priority; }
  static void* heapAllocate(std::size_t bytes, std::size_t alignment);
  static void heapRelease(void* memory, std::size_t bytes);

  /// One lock for the process, with signals blocked in the thread that holds it, as a chip has one interrupt
  /// mask.
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
    Event() = default;
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    bool wait(std::uint64_t deadline_us);
    void notify();

   private:
    StdAtomic<std::uint32_t> notified_;  // a futex
  };

  /// A thread. A stack, if given, has room for `PTHREAD_STACK_MIN` and the program's thread-local storage.
  class Task {
   public:
    Task() = default;
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    ~Task() { join(); }
    bool start(const TaskSettings& settings, void (*run)(void*), void* argument);
    void join();

   private:
    static void* begin(void* self);

    TaskSettings settings_;
    void (*run_)(void*) = nullptr;
    void* argument_ = nullptr;
    pthread_t thread_{};
  };

  /// The system's monotonic clock in ticks of 65.536 ms, starting at 1.
  static std::uint32_t systemTicks();

  /// Effect: from now on the time is `ticks` of 65.536 ms, as a device's tick interrupt would drive it; 0
  /// returns to the system's clock. Waiting still uses the system's clock. It starts again at each wake-up
  /// and each turn of a waiter, because the driven time does not say how long it has lasted.
  static void driveTicks(std::uint32_t ticks);

  /// As `driveTicks`, in microseconds, but no value returns to the system's clock.
  static void driveMicros(std::uint64_t micros);

  /// Effect: sets the value of `taskPriority()` in the calling thread.
  static void setTaskPriority(std::uint32_t priority) { task_priority = priority; }

  /// Makes the calling thread count as an interrupt while it exists: a host's substitute for a real one.
  class InterruptScope {
   public:
    InterruptScope() { ++interrupt_depth; }
    ~InterruptScope() { --interrupt_depth; }
    InterruptScope(const InterruptScope&) = delete;
    InterruptScope& operator=(const InterruptScope&) = delete;
  };

 private:
  static std::uint32_t ticksAtZero();

  static inline StdAtomic<std::uint32_t> driven_ticks;  // 0 also while the system's clock is used
  static inline StdAtomic<std::uint32_t> is_driven;
  static inline StdAtomic<std::uint64_t> driven_micros;
  static inline constinit thread_local unsigned interrupt_depth = 0;
  static inline constinit thread_local std::uint32_t task_priority = 0;
};

}  // namespace millpond::port
