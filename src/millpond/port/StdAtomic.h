// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <atomic>
#include <concepts>
#include <cstdint>

namespace millpond::port {

/// A word shared between threads, cores and interrupts, for platforms whose processor has atomic
/// instructions.
///
/// `load` and `store` are relaxed: they carry a value and order nothing. `storeOrdered` comes after all that
/// the caller wrote before. Every read-modify-write, and `loadOrdered`, takes part in one order that all
/// threads agree on (sequential consistency). Each costs what the processor's own instruction costs. Context:
/// any.
template <class T>
class StdAtomic {
 public:
  constexpr StdAtomic() = default;
  constexpr explicit StdAtomic(T value) : value_(value) {}

  [[gnu::always_inline]] T load() const { return value_.load(std::memory_order_relaxed); }
  [[gnu::always_inline]] T loadOrdered() const { return value_.load(std::memory_order_seq_cst); }
  [[gnu::always_inline]] void store(T value) { value_.store(value, std::memory_order_relaxed); }
  [[gnu::always_inline]] void storeOrdered(T value) { value_.store(value, std::memory_order_release); }

  /// Effect: stores `desired` if the word still holds `expected`. May fail spuriously; on failure loads the
  /// current value into `expected`.
  [[gnu::always_inline]] bool compareExchange(T& expected, T desired) {
    return value_.compare_exchange_weak(expected, desired, std::memory_order_seq_cst,
                                        std::memory_order_relaxed);
  }

  /// Effect: replaces the word with `next(word)`; writes nothing if that changes nothing.
  /// Returns: the previous value.
  template <class Next>
  [[gnu::always_inline]] T update(Next next) {
    T seen = load();
    while (true) {
      const T wanted = next(seen);
      if (wanted != seen) {
        if (compareExchange(seen, wanted)) return seen;
        continue;
      }
      const T again = loadOrdered();  // an update without a change takes part in the order as well
      if (again == seen) return seen;
      seen = again;
    }
  }

  /// Effect: sets the bits of `mask`. Returns: those of them that were set before.
  [[gnu::always_inline]] T setBits(T mask) requires std::unsigned_integral<T> {
    return value_.fetch_or(mask, std::memory_order_seq_cst) & mask;
  }

  /// Effect: clears the bits of `mask`. Returns: those of them that were set before.
  [[gnu::always_inline]] T clearBits(T mask) requires std::unsigned_integral<T> {
    return value_.fetch_and(~mask, std::memory_order_seq_cst) & mask;
  }

 private:
  std::atomic<T> value_{};
};

}  // namespace millpond::port
