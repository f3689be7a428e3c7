// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// A port that has everything and does nothing. The check beside it takes one member away at a time: the lines
// that end in its name.
#include <cstddef>
#include <cstdint>

#include "millpond/port/StdAtomic.h"

namespace millpond::port {

class CompletePort {
 public:
  // clang-format off
  template <class T> using Atomic = StdAtomic<T>;                                   // Atomic
  static std::uint32_t ticks() { return 0; }                                        // ticks
  static std::uint64_t micros() { return 0; }                                       // micros
  static bool inInterrupt() { return false; }                                       // inInterrupt
  static std::uint32_t taskPriority() { return 0; }                                 // taskPriority
  static void* heapAllocate(std::size_t, std::size_t) { return nullptr; }           // heapAllocate
  static void heapRelease(void*, std::size_t) {}                                    // heapRelease
  class Critical {                                                                  // Critical
   public:                                                                          // Critical
    Critical() = default;                                                           // Critical
    Critical(const Critical&) = delete;                                             // Critical
    Critical& operator=(const Critical&) = delete;                                  // Critical
  };                                                                                // Critical
  class TaskMutex {                                                                 // TaskMutex
   public:                                                                          // TaskMutex
    void lock() {}                                                                  // TaskMutex lock
    void unlock() {}                                                                // TaskMutex unlock
  };                                                                                // TaskMutex
  class Event {                                                                     // Event
   public:                                                                          // Event
    bool wait(std::uint64_t) { return false; }                                      // Event wait
    void notify() {}                                                                // Event notify
  };                                                                                // Event
  // clang-format on
};

using SelectedPort = CompletePort;

}  // namespace millpond::port
