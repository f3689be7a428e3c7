// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <atomic>
#include <concepts>
#include <cstdint>

#include "millpond/Hot.h"

namespace millpond::port {

/// A word shared between tasks and interrupts of one Arm core with exclusive loads and stores. Each member
/// has the meaning that it has in `StdAtomic`. One core sees its own accesses in order, if the compiler does
/// not reorder them. The barriers that several cores need, two per read-modify-write, are therefore omitted.
template <class T>
class ExclusiveAtomic {
  static_assert(sizeof(T) == 4, "Millpond: an exclusive access is to a word");

 public:
  constexpr ExclusiveAtomic() = default;
  constexpr explicit ExclusiveAtomic(T value) : value_(value) {}

  [[gnu::always_inline]] T load() const { return __atomic_load_n(&value_, __ATOMIC_RELAXED); }
  [[gnu::always_inline]] T loadOrdered() const {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    const T value = load();
    std::atomic_signal_fence(std::memory_order_seq_cst);
    return value;
  }
  [[gnu::always_inline]] void store(T value) { __atomic_store_n(&value_, value, __ATOMIC_RELAXED); }

  [[gnu::always_inline]] void storeOrdered(T value) {
    std::atomic_signal_fence(std::memory_order_release);
    store(value);
  }

  /// Effect: stores `desired` if the word still holds `expected` and no interrupt came in between; otherwise
  /// loads the current value into `expected`.
  [[gnu::always_inline]] bool compareExchange(T& expected, T desired) {
    const T seen = loadExclusive();
    if (seen == expected && storeExclusive(desired)) return true;
    expected = seen;
    return false;
  }

  /// Effect: replaces the word with `next(word)`, which runs between the load and the store: a few
  /// instructions, no calls. Returns: the previous value.
  template <class Next>
  [[gnu::always_inline]] T update(Next next) {
    while (true) {
      const T seen = loadExclusive();
      if (storeExclusive(next(seen))) return seen;
    }
  }

  /// Effect: sets the bits of `mask`. Returns: those of them that were set before.
  [[gnu::always_inline]] T setBits(T mask) requires std::unsigned_integral<T> {
    return update([mask](T seen) MILLPOND_INLINED { return static_cast<T>(seen | mask); }) & mask;
  }

  /// Effect: clears the bits of `mask`. Returns: those of them that were set before.
  [[gnu::always_inline]] T clearBits(T mask) requires std::unsigned_integral<T> {
    return update([mask](T seen) MILLPOND_INLINED { return static_cast<T>(seen & ~mask); }) & mask;
  }

 private:
  [[gnu::always_inline]] T loadExclusive() {
    T value{};
    asm volatile("ldrex %0, [%1]" : "=r"(value) : "r"(&value_) : "memory");
    return value;
  }

  // Fails if an interrupt came since the load: entering and leaving an interrupt ends the reservation.
  [[gnu::always_inline]] bool storeExclusive(T value) {
    std::uint32_t failed = 0;
    asm volatile("strex %0, %2, [%1]" : "=&r"(failed) : "r"(&value_), "r"(value) : "memory");
    return failed == 0;
  }

  T value_{};
};

}  // namespace millpond::port
