// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

#include "millpond/port/PortContract.h"

// Defines `millpond::port::SelectedPort`. For your own platform: -DMILLPOND_PORT_HEADER='"MyPort.h"'. Zephyr
// and ESP-IDF come before Linux, which their targets for simulation are as well. FreeRTOS has no macro of its
// own: -DMILLPOND_FREERTOS.
#if defined(MILLPOND_PORT_HEADER)
#include MILLPOND_PORT_HEADER
#elif defined(__ZEPHYR__)
#include "millpond/port/ZephyrPort.h"
namespace millpond::port {
using SelectedPort = ZephyrPort;
}
#elif defined(ESP_PLATFORM)
#include "millpond/port/EspIdfPort.h"
namespace millpond::port {
using SelectedPort = EspIdfPort;
}
#elif defined(__linux__)
#include "millpond/port/LinuxPort.h"
namespace millpond::port {
using SelectedPort = LinuxPort;
}
#elif defined(MILLPOND_FREERTOS)
#include "millpond/port/FreeRtosPort.h"
namespace millpond::port {
using SelectedPort = FreeRtosPort;
}
#else
#error \
    "Millpond has no port for this platform: define MILLPOND_FREERTOS, or give one that meets millpond/port/PortContract.h"
#endif

namespace millpond {

using Port = port::SelectedPort;
static_assert(port::PortContract<Port>, "the selected port lacks something that PortContract.h asks for");

/// A 32-bit control word. No ESP32 has a wider compare-and-swap, so no state is wider.
using Word = Port::Atomic<std::uint32_t>;

}  // namespace millpond
