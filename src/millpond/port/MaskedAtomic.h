// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <concepts>

namespace millpond::port {

/// A word shared between tasks and interrupts of one core, for processors without atomic instructions: a
/// read-modify-write masks interrupts for its few instructions. Each member means what it means in
/// `StdAtomic`. `Mask` is the port's `Critical`, whose two ends also keep the compiler from moving memory
/// accesses across them; that is all the ordering that one core needs.
template <class T, class Mask>
class MaskedAtomic {
 public:
  constexpr MaskedAtomic() = default;
  constexpr explicit MaskedAtomic(T value) : value_(value) {}

  T load() const { return __atomic_load_n(&value_, __ATOMIC_RELAXED); }
  T loadOrdered() const { return __atomic_load_n(&value_, __ATOMIC_SEQ_CST); }
  void store(T value) { __atomic_store_n(&value_, value, __ATOMIC_RELAXED); }

  /// Effect: stores `desired` if the word still holds `expected`; otherwise reads it into `expected`.
  bool compareExchange(T& expected, T desired) {
    const T seen = exchangeIf(expected, desired);
    const bool same = seen == expected;
    expected = seen;
    return same;
  }

  /// Effect: replaces the word by `next(word)`, which runs masked: a few instructions, no calls.
  /// Returns: what it held before.
  template <class Next>
  T update(Next next) {
    const Mask mask;
    const T seen = load();
    store(next(seen));
    return seen;
  }

  /// Effect: sets the bits of `mask`. Returns: those of them that were set before.
  T setBits(T mask) requires std::unsigned_integral<T> {
    return update([mask](T seen) { return static_cast<T>(seen | mask); }) & mask;
  }

  /// Effect: clears the bits of `mask`. Returns: those of them that were set before.
  T clearBits(T mask) requires std::unsigned_integral<T> {
    return update([mask](T seen) { return static_cast<T>(seen & ~mask); }) & mask;
  }

 private:
  T exchangeIf(T expected, T desired) {
    const Mask mask;
    const T seen = load();
    if (seen == expected) store(desired);
    return seen;
  }

  T value_{};
};

}  // namespace millpond::port
