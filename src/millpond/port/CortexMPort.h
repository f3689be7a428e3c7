// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

#include "millpond/port/BareMetalPort.h"
#include "millpond/port/ExclusiveAtomic.h"
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

  /// wfi ends when an enabled interrupt is pending, even if PRIMASK masks it.
  static void sleep() { asm volatile("dsb\n\twfi" ::: "memory"); }
};

/// The port for a Cortex-M3 or later, which has exclusive loads and stores, without an operating system.
class CortexMPort : public BareMetalPort<CortexMCpu> {
 public:
  template <class T>
  using Atomic = ExclusiveAtomic<T>;

  /// The core provides it: the number of the exception being handled, or 0.
  [[gnu::always_inline]] static bool inInterrupt() {
    std::uint32_t exception = 0;
    asm volatile("mrs %0, ipsr" : "=r"(exception));
    return exception != 0;
  }
};

using SelectedPort = CortexMPort;

}  // namespace millpond::port
