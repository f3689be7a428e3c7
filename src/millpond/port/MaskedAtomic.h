// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <atomic>
#include <concepts>

namespace millpond::port {

/// A word shared between tasks and interrupts of one core, for processors without atomic instructions: a
/// read-modify-write masks interrupts for its few instructions. Each member means what it means in
/// `StdAtomic`. The ends of a `Cpu::Mask` also keep the compiler from moving memory accesses across them;
/// that is all the ordering that one core needs. `Cpu::load` and `Cpu::store` are single instructions.
template <class T, class Cpu>
class MaskedAtomic {
 public:
  constexpr MaskedAtomic() = default;
  constexpr explicit MaskedAtomic(T value) : value_(value) {}

  T load() const { return Cpu::load(value_); }
  // One core sees its own accesses in order, once the compiler leaves them so.
  T loadOrdered() const {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    const T value = load();
    std::atomic_signal_fence(std::memory_order_seq_cst);
    return value;
  }
  void store(T value) { Cpu::store(value_, value); }

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
    const typename Cpu::Mask masked;
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
    const typename Cpu::Mask masked;
    const T seen = load();
    if (seen == expected) store(desired);
    return seen;
  }

  T value_{};
};

}  // namespace millpond::port
