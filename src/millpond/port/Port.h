// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

#include "millpond/port/PortContract.h"

// Defines `millpond::port::SelectedPort`. For your own platform: -DMILLPOND_PORT_HEADER='"MyPort.h"'.
#if defined(MILLPOND_PORT_HEADER)
#include MILLPOND_PORT_HEADER
#elif defined(__linux__)
#include "millpond/port/LinuxPort.h"
namespace millpond::port {
using SelectedPort = LinuxPort;
}
#else
#error "Millpond has no port for this platform: give one that meets millpond/port/PortContract.h"
#endif

namespace millpond {

using Port = port::SelectedPort;
static_assert(port::PortContract<Port>, "the selected port lacks something that PortContract.h asks for");

/// A 32-bit control word. No ESP32 has a wider compare-and-swap, so no state is wider.
using Word = Port::Atomic<std::uint32_t>;

}  // namespace millpond
