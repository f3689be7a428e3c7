// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

#include "millpond/port/PortContract.h"

#if defined(__linux__)
#include "millpond/port/LinuxPort.h"
#else
#error "Millpond has no port for this platform yet: see millpond/port/PortContract.h for what one must give"
#endif

namespace millpond {

#if defined(__linux__)
using Port = port::LinuxPort;
#endif
static_assert(port::PortContract<Port>, "the selected port lacks something that PortContract.h asks for");

/// A 32-bit control word. No ESP32 has a wider compare-and-swap, so no state is wider.
using Word = Port::Atomic<std::uint32_t>;

} // namespace millpond
