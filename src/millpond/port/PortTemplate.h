// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// The start of a port: copy this file, rename the class, fill in each place and remove its static_assert.
// docs/porting.md has the order of work; millpond/port/PortContract.h gives the meaning of each member.

#include <cstddef>
#include <cstdint>

#include "millpond/port/StdAtomic.h"

namespace millpond::port {

class PortTemplate {
 public:
  static_assert(
      false,
      "Millpond port, Atomic: keep StdAtomic where the processor has atomic instructions for 32-bit "
      "words, or use MaskedAtomic<T, Cpu>");
  template <class T>
  using Atomic = StdAtomic<T>;

  static std::uint32_t ticks() {
    static_assert(false, "Millpond port, ticks: return micros() >> 16, best as one load of a driven word");
    return 0;
  }

  static std::uint64_t micros() {
    static_assert(false, "Millpond port, micros: return a clock in microseconds that never falls");
    return 0;
  }

  static bool inInterrupt() {
    static_assert(false, "Millpond port, inInterrupt: return whether the caller is an interrupt");
    return false;
  }

  static std::uint32_t taskPriority() {
    static_assert(false, "Millpond port, taskPriority: return the calling task's priority, or 0 for all");
    return 0;
  }

  static void* heapAllocate(std::size_t /*bytes*/, std::size_t /*alignment*/) {
    static_assert(false,
                  "Millpond port, heapAllocate: return memory of the platform's heap, aligned as asked, or "
                  "nullptr");
    return nullptr;
  }

  static void heapRelease(void* /*memory*/, std::size_t /*bytes*/) {
    static_assert(false, "Millpond port, heapRelease: give memory back to the platform's heap");
  }

  /// While one exists, no interrupt and no other core is inside one. Nests.
  class Critical {
   public:
    Critical() {
      static_assert(false, "Millpond port, Critical: mask interrupts, and then lock other cores out");
    }
    ~Critical() {
      static_assert(false, "Millpond port, Critical: restore what was before, so that it nests");
    }
    Critical(const Critical&) = delete;
    Critical& operator=(const Critical&) = delete;
  };

  class TaskMutex {
   public:
    void lock() { static_assert(false, "Millpond port, TaskMutex: block until no other task holds it"); }
    void unlock() { static_assert(false, "Millpond port, TaskMutex: release it"); }
  };

  /// On the waiter's stack, one for each request that waits. Its destructor gives back the system resources
  /// that it took.
  class Event {
   public:
    bool wait(std::uint64_t /*deadline_us*/) {
      static_assert(false,
                    "Millpond port, Event: wait until notified (true) or the deadline has come (false)");
      return false;
    }
    void notify() {
      static_assert(
          false,
          "Millpond port, Event: end the wait, or the next one; called within a Critical, by interrupts "
          "too");
    }
  };
};

using SelectedPort = PortTemplate;

}  // namespace millpond::port
