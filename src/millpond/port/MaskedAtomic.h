// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <atomic>
#include <concepts>
#include <cstdint>

#include "millpond/Hot.h"

namespace millpond::port {

/// A word shared between tasks and interrupts of one core, for processors without atomic instructions: a
/// read-modify-write masks interrupts for its few instructions. Each member has the meaning that it has in
/// `StdAtomic`. `Cpu::mask` and `Cpu::restore` also keep the compiler from moving memory accesses across
/// them, which is all the ordering that one core needs. `Cpu::load` and `Cpu::store` are single instructions.
template <class T, class Cpu>
class MaskedAtomic {
 public:
  constexpr MaskedAtomic() = default;
  constexpr explicit MaskedAtomic(T value) : value_(value) {}

  [[gnu::always_inline]] T load() const { return Cpu::load(value_); }
  // One core sees its own accesses in order, if the compiler does not reorder them.
  [[gnu::always_inline]] T loadOrdered() const {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    const T value = load();
    std::atomic_signal_fence(std::memory_order_seq_cst);
    return value;
  }
  [[gnu::always_inline]] void store(T value) { Cpu::store(value_, value); }

  [[gnu::always_inline]] void storeOrdered(T value) {
    std::atomic_signal_fence(std::memory_order_release);
    store(value);
  }

  /// Effect: stores `desired` if the word still holds `expected`; otherwise loads the current value into
  /// `expected`.
  [[gnu::always_inline]] bool compareExchange(T& expected, T desired) {
    const T seen = exchangeIf(expected, desired);
    const bool same = seen == expected;
    expected = seen;
    return same;
  }

  /// Effect: replaces the word with `next(word)`, which runs masked: a few instructions, no calls.
  /// Returns: the previous value.
  template <class Next>
  [[gnu::always_inline]] T update(Next next) {
    const std::uint32_t before = Cpu::mask();
    const T seen = load();
    store(next(seen));
    Cpu::restore(before);
    return seen;
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
  [[gnu::always_inline]] T exchangeIf(T expected, T desired) {
    const std::uint32_t before = Cpu::mask();
    const T seen = load();
    if (seen == expected) store(desired);
    Cpu::restore(before);
    return seen;
  }

  T value_{};
};

}  // namespace millpond::port
