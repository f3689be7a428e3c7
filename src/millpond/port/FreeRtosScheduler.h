// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// The port that includes this has included the kernel's headers before.
#include <cstdint>

namespace millpond::port {

/// What the kernel's scheduler tells.
struct FreeRtosScheduler {
  static bool started() { return xTaskGetSchedulerState() != taskSCHEDULER_NOT_STARTED; }
  static const char* taskName() { return started() ? pcTaskGetName(nullptr) : "(startup)"; }
  /// Before the scheduler starts there is no task to ask about: 0.
  static std::uint32_t taskPriority() {
    return started() ? static_cast<std::uint32_t>(uxTaskPriorityGet(nullptr)) : 0;
  }
};

}  // namespace millpond::port
