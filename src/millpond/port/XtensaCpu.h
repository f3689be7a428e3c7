// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace millpond::port {

/// An Xtensa core.
struct XtensaCpu {
  /// Masks interrupts. Returns: the argument for `restore`. Three instructions together with it. The NMI is
  /// never masked, so its handler must not call the library.
  [[gnu::always_inline]] static std::uint32_t mask() {
    std::uint32_t before = 0;
    asm volatile("rsil %0, 15" : "=a"(before)::"memory");
    return before;
  }
  [[gnu::always_inline]] static void restore(std::uint32_t before) {
    asm volatile("wsr.ps %0\n\trsync" ::"a"(before) : "memory");
  }

  // Written by hand: the compiler puts a memw, which orders nothing for one core, before every atomic access.
  template <class T>
  [[gnu::always_inline]] static T load(const T& word) {
    T value{};
    if constexpr (sizeof(T) == 1) {
      asm volatile("l8ui %0, %1" : "=a"(value) : "m"(word));
    } else {
      asm volatile("l32i %0, %1" : "=a"(value) : "m"(word));
    }
    return value;
  }
  template <class T>
  [[gnu::always_inline]] static void store(T& word, T value) {
    if constexpr (sizeof(T) == 1) {
      asm volatile("s8i %1, %0" : "=m"(word) : "a"(value));
    } else {
      asm volatile("s32i %1, %0" : "=m"(word) : "a"(value));
    }
  }

  /// Cycles since some start, modulo 2^32.
  [[gnu::always_inline]] static std::uint32_t cycles() {
    std::uint32_t now = 0;
    asm volatile("rsr.ccount %0" : "=a"(now));
    return now;
  }

  /// waiti lifts the mask and starts to sleep in one step.
  static void sleep() { asm volatile("waiti 0" ::: "memory"); }
};

}  // namespace millpond::port
