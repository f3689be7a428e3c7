// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <span>

#include "lab/SharedHeap.h"
#include "millpond/MemoryManager.h"

namespace millpond::cli {

/// The memory of the device that this program plays: the pools with ADR-002's sizes above the host's heap,
/// or, after `squeezeDeviceMemory`, with a reclaimable network pool above a device's heap of 200 KiB.
MemoryManager& deviceMemory();
/// What `Pressure` goes by there.
const PressureSetup& devicePressure();

/// The static buffer that its microphone is read into.
std::span<std::int32_t> i2sReadBuffer();

/// Effect: `deviceMemory` is the other one from now on. Returns: its heap. Requires: no device runs.
lab::SharedHeap& squeezeDeviceMemory();

}  // namespace millpond::cli
