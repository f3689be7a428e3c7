// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

#include "millpond/port/BareMetalPort.h"
#include "millpond/port/CortexMCpu.h"
#include "millpond/port/ExclusiveAtomic.h"

namespace millpond::port {

/// The port for a Cortex-M3 or later, which has exclusive loads and stores, without an operating system.
class CortexMPort : public BareMetalPort<CortexMCpu> {
 public:
  template <class T>
  using Atomic = ExclusiveAtomic<T>;

  /// The clock of a trace.
  [[gnu::always_inline]] static std::uint32_t cycles() { return CortexMCpu::cycles(); }
  [[gnu::always_inline]] static bool inInterrupt() { return CortexMCpu::inInterrupt(); }
};

using SelectedPort = CortexMPort;

}  // namespace millpond::port
