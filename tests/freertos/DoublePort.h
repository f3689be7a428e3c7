// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "Double.h"
#if defined(ESP_PLATFORM)
#include "millpond/port/EspIdfPort.h"
#else
#include "millpond/port/FreeRtosPort.h"
#endif

namespace millpond::port {

#if defined(ESP_PLATFORM)
using PortUnderTest = EspIdfPort;
#else
using PortUnderTest = FreeRtosPort;
#endif

/// The port under test on FreeRTOS's double, with what tests ask of a host's port (docs/porting.md).
class DoublePort : public PortUnderTest {
 public:
  using InterruptScope = freertos_double::InterruptScope;
  static void setTaskPriority(std::uint32_t priority) { freertos_double::setPriority(priority); }
  static void driveMicros(std::uint64_t micros) { freertos_double::driveMicros(micros); }
  /// 0 returns to the host's clock.
  static void driveTicks(std::uint32_t ticks) {
    if (ticks == 0) return freertos_double::releaseClock();
    freertos_double::driveMicros(std::uint64_t{ticks} << 16U);
  }
};

using SelectedPort = DoublePort;

}  // namespace millpond::port
