// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

namespace millpond::port {

// clang-format 14 cannot lay out concepts.
// clang-format off

/// A word that threads, cores and interrupts share. See `StdAtomic` for what each member means.
template <class A, class T>
concept AtomicWord = requires(A word, const A constant, T value) {
  { constant.load() } -> std::same_as<T>;
  { word.store(value) } -> std::same_as<void>;
  { word.compareExchange(value, value) } -> std::same_as<bool>;
  { word.update([](T seen) { return seen; }) } -> std::same_as<T>;
};

/// As `AtomicWord`, and a set of bits.
template <class A, class T>
concept AtomicBits = AtomicWord<A, T> && requires(A word, T mask) {
  { word.setBits(mask) } -> std::same_as<T>;
  { word.clearBits(mask) } -> std::same_as<T>;
};

/// What a platform gives the library, all of it as static members of one type.
template <class P>
concept PortContract = requires(std::size_t bytes, void* memory) {
  requires AtomicBits<typename P::template Atomic<std::uint32_t>, std::uint32_t>;
  requires AtomicWord<typename P::template Atomic<const char*>, const char*>;
  requires AtomicWord<typename P::template Atomic<void*>, void*>;
  /// Time since some start in ticks of 65.536 ms (microseconds >> 16), modulo 2^32. Any context.
  { P::ticks() } -> std::same_as<std::uint32_t>;
  /// Whether the caller is an interrupt. Any context.
  { P::inInterrupt() } -> std::same_as<bool>;
  /// The platform's heap: memory aligned for any type, or nullptr. Task context.
  { P::heapAllocate(bytes) } -> std::same_as<void*>;
  { P::heapRelease(memory) } -> std::same_as<void>;
};

// clang-format on

}  // namespace millpond::port
