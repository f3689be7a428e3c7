// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "millpond/port/LinuxPort.h"
#include "port/AtomicSteps.h"

namespace millpond::port {

/// As `StdAtomic`, but every step it takes is counted, and something may happen between any two. Its
/// `update` can be interrupted between its reading and its writing, as on any processor that has a
/// compare-and-swap or a load-linked and no more.
template <class T>
class CountingAtomic {
 public:
  constexpr CountingAtomic() = default;
  constexpr explicit CountingAtomic(T value) : value_(value) {}

  T load() const {
    test::AtomicSteps::beforeLoadOrStore();
    return value_.load();
  }
  T loadOrdered() const {
    test::AtomicSteps::beforeLoadOrStore();
    return value_.load();
  }
  void store(T value) {
    test::AtomicSteps::beforeLoadOrStore();
    value_.store(value);
  }
  void storeOrdered(T value) { store(value); }
  bool compareExchange(T& expected, T desired) {
    test::AtomicSteps::beforeReadModifyWrite();
    return value_.compare_exchange_strong(expected, desired);
  }
  template <class Next>
  T update(Next next) {
    T seen = load();
    while (true) {
      const T wanted = next(seen);
      if (wanted == seen || compareExchange(seen, wanted)) return seen;
    }
  }
  T setBits(T mask) requires std::unsigned_integral<T> {
    test::AtomicSteps::beforeReadModifyWrite();
    return value_.fetch_or(mask) & mask;
  }
  T clearBits(T mask) requires std::unsigned_integral<T> {
    test::AtomicSteps::beforeReadModifyWrite();
    return value_.fetch_and(~mask) & mask;
  }

 private:
  std::atomic<T> value_{};
};

/// A host's port for tests that look between the atomic steps.
class CountingPort {
 public:
  template <class T>
  using Atomic = CountingAtomic<T>;

  static std::uint32_t ticks() { return driven_ticks; }
  static std::uint64_t micros() { return LinuxPort::micros(); }
  static std::uint32_t taskPriority() { return LinuxPort::taskPriority(); }
  using Critical = LinuxPort::Critical;
  using TaskMutex = LinuxPort::TaskMutex;
  using Event = LinuxPort::Event;
  static bool inInterrupt() { return interrupt_depth != 0; }
  static void* heapAllocate(std::size_t bytes, std::size_t alignment) {
    return LinuxPort::heapAllocate(bytes, alignment);
  }
  static void heapRelease(void* memory, std::size_t bytes) { LinuxPort::heapRelease(memory, bytes); }
  /// Effect: from now on the time is `ticks`; 0: what it was at the start.
  static void driveTicks(std::uint32_t ticks) { driven_ticks = ticks != 0 ? ticks : 1; }

  /// While one lives, the calling thread counts as an interrupt.
  class InterruptScope {
   public:
    InterruptScope() { ++interrupt_depth; }
    ~InterruptScope() { --interrupt_depth; }
    InterruptScope(const InterruptScope&) = delete;
    InterruptScope& operator=(const InterruptScope&) = delete;
  };

 private:
  static inline constinit thread_local unsigned interrupt_depth = 0;
  static inline std::atomic<std::uint32_t> driven_ticks = 1;
};

using SelectedPort = CountingPort;

}  // namespace millpond::port
