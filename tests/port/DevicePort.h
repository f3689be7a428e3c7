// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/port/StdAtomic.h"

namespace millpond::port {

/// A port with nothing behind it, to compile the library for a 32-bit core and look at what comes out.
class DevicePort {
 public:
  template <class T>
  using Atomic = StdAtomic<T>;

  static std::uint32_t ticks() { return 1; }
  static bool inInterrupt() { return false; }
  static void* heapAllocate(std::size_t /*bytes*/, std::size_t /*alignment*/) { return nullptr; }
  static void heapRelease(void* /*memory*/, std::size_t /*bytes*/) {}
  static std::uint64_t micros() { return 1; }
  static std::uint32_t taskPriority() { return 0; }

  class Critical {
   public:
    Critical() {}   // NOLINT(modernize-use-equals-default): not trivial, as no port's is
    ~Critical() {}  // NOLINT(modernize-use-equals-default)
    Critical(const Critical&) = delete;
    Critical& operator=(const Critical&) = delete;
  };
  class TaskMutex {
   public:
    void lock() {}
    void unlock() {}
  };
  class Event {
   public:
    bool wait(std::uint64_t /*deadline_us*/) { return notified_; }
    void notify() { notified_ = true; }

   private:
    bool notified_ = false;
  };
};

using SelectedPort = DevicePort;

}  // namespace millpond::port
