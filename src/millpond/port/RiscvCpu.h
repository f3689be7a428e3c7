// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

#include "millpond/port/PlainAccess.h"

namespace millpond::port {

/// A RISC-V core in machine mode.
struct RiscvCpu : PlainAccess {
  /// Masks interrupts. Returns: the argument for `restore`. Two instructions together with it: the whole of
  /// mstatus is restored, because nothing else in it changes in so short a time.
  [[gnu::always_inline]] static std::uint32_t mask() {
    std::uint32_t before = 0;
    asm volatile("csrrci %0, mstatus, 8" : "=r"(before)::"memory");
    return before;
  }
  [[gnu::always_inline]] static void restore(std::uint32_t before) {
    asm volatile("csrw mstatus, %0" ::"r"(before) : "memory");
  }

  /// Cycles since some start, modulo 2^32.
  [[gnu::always_inline]] static std::uint32_t cycles() {
    std::uint32_t now = 0;
    asm volatile("csrr %0, mcycle" : "=r"(now));
    return now;
  }

  /// wfi ends when an enabled interrupt is pending, even if it is masked.
  static void sleep() { asm volatile("wfi" ::: "memory"); }
};

}  // namespace millpond::port
