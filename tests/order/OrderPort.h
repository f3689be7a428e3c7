// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "order/Memory.h"

namespace millpond::port {

/// As `StdAtomic`, member for member, but a load returns whatever C++ allows it to, and the run may be told
/// to relax one of its accesses by its place in the source.
template <class T>
class OrderAtomic {
  using Operation = order::Operation;
  using Site = order::Site;

 public:
  constexpr OrderAtomic() : OrderAtomic(T{}) {}
  constexpr explicit OrderAtomic(T value) : value_(value) {
    if (!std::is_constant_evaluated()) order::construct(location(), toBits(value));
  }
  OrderAtomic(const OrderAtomic&) = delete;
  OrderAtomic& operator=(const OrderAtomic&) = delete;

  T load(Site site = Site::current()) const {
    return fromBits(order::load(location(), Operation::load, site));
  }
  T loadOrdered(Site site = Site::current()) const {
    return fromBits(order::load(location(), Operation::loadOrdered, site));
  }
  void store(T value, Site site = Site::current()) {
    order::store(location(), toBits(value), Operation::store, site);
  }
  void storeOrdered(T value, Site site = Site::current()) {
    order::store(location(), toBits(value), Operation::storeOrdered, site);
  }
  bool compareExchange(T& expected, T desired, Site site = Site::current()) {
    return exchange(expected, desired, Operation::compareExchange, site);
  }
  template <class Next>
  T update(Next next, Site site = Site::current()) {
    T seen = load(site);
    while (true) {
      const T wanted = next(seen);
      if (wanted != seen) {
        if (exchange(seen, wanted, Operation::update, site)) return seen;
        continue;
      }
      const T again = fromBits(order::load(location(), Operation::unchanged, site));
      if (again == seen) return seen;
      seen = again;
    }
  }
  T setBits(T mask, Site site = Site::current()) requires std::unsigned_integral<T> {
    return fromBits(order::modify(location(), mask, 0, Operation::setBits, site)) & mask;
  }
  T clearBits(T mask, Site site = Site::current()) requires std::unsigned_integral<T> {
    return fromBits(order::modify(location(), 0, mask, Operation::clearBits, site)) & mask;
  }

 private:
  static_assert(sizeof(T) <= sizeof(std::uint64_t) && std::endian::native == std::endian::little);

  static std::uint64_t toBits(T value) {
    if constexpr (std::is_pointer_v<T>)
      return reinterpret_cast<std::uintptr_t>(value);
    else
      return value;
  }
  static T fromBits(std::uint64_t bits) {
    if constexpr (std::is_pointer_v<T>)
      return reinterpret_cast<T>(bits);  // NOLINT(performance-no-int-to-ptr)
    else
      return static_cast<T>(bits);
  }
  bool exchange(T& expected, T desired, Operation operation, const Site& site) {
    std::uint64_t bits = toBits(expected);
    const bool done = order::exchange(location(), bits, toBits(desired), operation, site);
    expected = fromBits(bits);
    return done;
  }
  order::Location location() const { return {const_cast<T*>(&value_), sizeof(T)}; }

  T value_;
};

/// A host's port whose memory, threads, locks and clock are those of a run: see `order::explore`.
class OrderPort {
 public:
  template <class T>
  using Atomic = OrderAtomic<T>;

  static std::uint32_t ticks() { return static_cast<std::uint32_t>(micros() >> 16U) + 1; }
  static std::uint64_t micros();
  static void passTime(std::uint32_t ms);
  static bool inInterrupt();
  static std::uint32_t taskPriority() { return 0; }
  static void* heapAllocate(std::size_t bytes, std::size_t alignment);
  static void heapRelease(void* memory, std::size_t bytes);

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
    std::byte place_{};  // by its address it is known
  };

  /// Its deadline comes only for a thread that is impatient, and for that at any time.
  class Event {
   public:
    Event();
    ~Event();
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    bool wait(std::uint64_t deadline_us);
    void notify();

   private:
    std::byte place_{};
  };
};

/// Effect: no lock is held, no event is there, and the clock stands at its start.
void resetPort();

using SelectedPort = OrderPort;

}  // namespace millpond::port
