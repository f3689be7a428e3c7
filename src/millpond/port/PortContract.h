// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

namespace millpond::port {

/// A word that threads, cores and interrupts share. See `StdAtomic` for what each member means.
template <class A, class T>
concept AtomicWord = requires(A word, const A constant, T value) {
  { constant.load() } -> std::same_as<T>;
  {word.store(value)};
  { word.compareExchange(value, value) } -> std::same_as<bool>;
  {
    word.update([](T seen) { return seen; })
    } -> std::same_as<T>;
};

/// What a platform gives the library, all of it as static members of one type.
template <class P>
concept PortContract = requires(std::size_t bytes, void* memory) {
  requires AtomicWord<typename P::template Atomic<std::uint32_t>, std::uint32_t>;
  requires AtomicWord < typename P::template Atomic<const char*>,
  const char* > ;
  /// Time since some start in ticks of 65.536 ms (microseconds >> 16), modulo 2^32. Any context.
  { P::ticks() } -> std::same_as<std::uint32_t>;
  /// Whether the caller is an interrupt. Any context.
  { P::inInterrupt() } -> std::same_as<bool>;
  /// The platform's heap: memory aligned for any type, or nullptr. Task context.
  { P::heapAllocate(bytes) } -> std::same_as<void*>;
  {P::heapRelease(memory)};
};

} // namespace millpond::port
