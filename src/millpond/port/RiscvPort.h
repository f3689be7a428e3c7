// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "millpond/port/BareMetalPort.h"
#include "millpond/port/InterruptDepth.h"
#include "millpond/port/MaskedAtomic.h"
#include "millpond/port/RiscvCpu.h"

namespace millpond::port {

/// The port for a RISC-V core without atomic instructions (RV32IMC: ESP32-C2, C3) and without an operating
/// system. The board's trap handler holds an `InterruptScope` around each interrupt.
class RiscvPort : public BareMetalPort<RiscvCpu> {
 public:
  template <class T>
  using Atomic = MaskedAtomic<T, RiscvCpu>;

  using InterruptScope = InterruptDepth::Scope;
  /// The clock of a trace.
  [[gnu::always_inline]] static std::uint32_t cycles() { return RiscvCpu::cycles(); }
  [[gnu::always_inline]] static bool inInterrupt() { return InterruptDepth::any(); }
};

using SelectedPort = RiscvPort;

}  // namespace millpond::port
