// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <concepts>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <thread>

#include "millpond/port/LinuxPort.h"

namespace millpond::port {

/// Whether the environment asks for `fault`.
inline bool hasFault(std::string_view fault) {
  static const char* const asked = std::getenv("MILLPOND_FAULT");
  return asked != nullptr && fault == asked;
}

/// `StdAtomic`, whose read-modify-writes are several steps where the fault asked for is theirs; with a way
/// for others to come between, also where all threads share one busy processor.
template <class T>
class FaultyAtomic : public StdAtomic<T> {
 public:
  using StdAtomic<T>::StdAtomic;

  bool compareExchange(T& expected, T desired) {
    if (!hasFault("exchange")) return StdAtomic<T>::compareExchange(expected, desired);
    const T seen = readSlowly();
    const bool same = seen == expected;
    if (same) this->store(desired);
    expected = seen;
    return same;
  }

  template <class Next>
  T update(Next next) {
    if (!hasFault("update")) return StdAtomic<T>::update(next);
    const T seen = readSlowly();
    this->store(next(seen));
    return seen;
  }

  T setBits(T mask) requires std::unsigned_integral<T> {
    if (!hasFault("bits")) return StdAtomic<T>::setBits(mask);
    const T seen = readSlowly();
    this->store(seen | mask);
    return seen & mask;
  }

  T clearBits(T mask) requires std::unsigned_integral<T> {
    if (!hasFault("bits")) return StdAtomic<T>::clearBits(mask);
    const T seen = readSlowly();
    this->store(seen & ~mask);
    return seen & mask;
  }

 private:
  T readSlowly() const {
    const T seen = this->load();
    std::this_thread::yield();
    return seen;
  }
};

/// `LinuxPort` with the fault that the environment asks for in MILLPOND_FAULT: the conformance suite must
/// find each of them, and none where none is asked for.
class FaultyPort : public LinuxPort {
 public:
  template <class T>
  using Atomic = FaultyAtomic<T>;

  static bool inInterrupt() { return !hasFault("context") && LinuxPort::inInterrupt(); }

  class Critical {
   public:
    Critical() {
      if (!hasFault("critical")) critical_.emplace();
      ++depth;
    }
    ~Critical() { --depth; }
    Critical(const Critical&) = delete;
    Critical& operator=(const Critical&) = delete;

    static bool any() { return depth != 0; }

   private:
    static inline thread_local int depth = 0;
    std::optional<LinuxPort::Critical> critical_;
  };

  class TaskMutex : LinuxPort::TaskMutex {
   public:
    void lock() {
      if (!hasFault("mutex")) LinuxPort::TaskMutex::lock();
    }
    void unlock() {
      if (!hasFault("mutex")) LinuxPort::TaskMutex::unlock();
    }
  };

  class Event : LinuxPort::Event {
   public:
    bool wait(std::uint64_t deadline_us) {
      const bool early = hasFault("early") && deadline_us != UINT64_MAX;
      const bool notified = LinuxPort::Event::wait(early ? 0 : deadline_us);
      if (hasFault("counting") && notified && --owed_ > 0) LinuxPort::Event::notify();
      return notified;
    }
    void notify() {
      if (hasFault("deaf") && Critical::any()) return;
      ++owed_;
      LinuxPort::Event::notify();
    }

   private:
    int owed_ = 0;
  };
};

using SelectedPort = FaultyPort;

}  // namespace millpond::port
