// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "millpond/port/BareMetalPort.h"
#include "millpond/port/InterruptDepth.h"
#include "millpond/port/MaskedAtomic.h"
#include "millpond/port/XtensaCpu.h"

namespace millpond::port {

/// The port for an Xtensa LX106 (ESP8266) without an operating system: one core, no compare-and-swap. The
/// board's interrupt dispatcher holds an `InterruptScope` around each interrupt.
class XtensaPort : public BareMetalPort<XtensaCpu> {
 public:
  template <class T>
  using Atomic = MaskedAtomic<T, XtensaCpu>;

  using InterruptScope = InterruptDepth::Scope;
  /// The clock of a trace.
  [[gnu::always_inline]] static std::uint32_t cycles() { return XtensaCpu::cycles(); }
  [[gnu::always_inline]] static bool inInterrupt() { return InterruptDepth::any(); }
};

using SelectedPort = XtensaPort;

}  // namespace millpond::port
