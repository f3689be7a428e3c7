// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

#include "millpond/port/PlainAccess.h"

namespace millpond::port {

/// A Cortex-M core in privileged thread mode or in a handler.
struct CortexMCpu : PlainAccess {
  /// Masks interrupts. Returns: the argument for `restore`. Three instructions together with it.
  [[gnu::always_inline]] static std::uint32_t mask() {
    std::uint32_t before = 0;
    asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(before)::"memory");
    return before;
  }
  [[gnu::always_inline]] static void restore(std::uint32_t before) {
    asm volatile("msr primask, %0" ::"r"(before) : "memory");
  }

  /// Whether the core handles an exception, by its number. Unprivileged code reads 0, as a task should.
  [[gnu::always_inline]] static bool inInterrupt() {
    std::uint32_t exception = 0;
    asm volatile("mrs %0, ipsr" : "=r"(exception));
    return exception != 0;
  }

  /// Cycles since the firmware started the counter of the debug unit (DWT_CTRL.CYCCNTENA), modulo 2^32.
  [[gnu::always_inline]] static std::uint32_t cycles() {
    constexpr std::uintptr_t cycle_counter = 0xE0001004;
    return load(*reinterpret_cast<const std::uint32_t*>(cycle_counter));  // NOLINT(performance-no-int-to-ptr)
  }

  /// wfi ends when an enabled interrupt is pending, even if PRIMASK masks it.
  static void sleep() { asm volatile("dsb\n\twfi" ::: "memory"); }
};

}  // namespace millpond::port
