// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// Empty on other platforms, whose builds may compile every source.
#if defined(ESP_PLATFORM)
#include "millpond/port/EspIdfPort.h"

#if !CONFIG_IDF_TARGET_LINUX
#include <esp_attr.h>
#include <esp_freertos_hooks.h>

namespace millpond::port {

constinit EspIdfPort::Atomic<std::uint32_t> EspIdfPort::driven_ticks;

// The tick interrupt may come while flash is out of reach, whatever the other interrupts are.
IRAM_ATTR void EspIdfPort::driveTicks() { driven_ticks.store(static_cast<std::uint32_t>(micros() >> 16U)); }

// Whatever loads the word links this file, and so this.
const bool EspIdfPort::hooked = esp_register_freertos_tick_hook(&EspIdfPort::driveTicks) == ESP_OK;

}  // namespace millpond::port
#endif
#endif
