// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

#include "millpond/port/BareMetalPort.h"
#include "millpond/port/InterruptDepth.h"
#include "millpond/port/MaskedAtomic.h"
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

  /// wfi ends when an enabled interrupt is pending, even if it is masked.
  static void sleep() { asm volatile("wfi" ::: "memory"); }
};

/// The port for a RISC-V core without atomic instructions (RV32IMC: ESP32-C2, C3) and without an operating
/// system. The board's trap handler holds an `InterruptScope` around each interrupt.
class RiscvPort : public BareMetalPort<RiscvCpu> {
 public:
  template <class T>
  using Atomic = MaskedAtomic<T, RiscvCpu>;

  using InterruptScope = InterruptDepth::Scope;
  [[gnu::always_inline]] static bool inInterrupt() { return InterruptDepth::any(); }
};

using SelectedPort = RiscvPort;

}  // namespace millpond::port
