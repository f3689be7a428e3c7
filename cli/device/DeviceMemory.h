// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lab/heaps/LockedHeap.h"
#include "millpond/MemoryManager.h"

namespace millpond::cli {

/// The memory of the simulated device: pools of ADR-002's sizes with the host's heap as fallback. After
/// `squeezeDeviceMemory` it has a reclaimable network pool and a device's heap of 200 KiB; after
/// `useTlsDeviceMemory`, pools for mbedTLS besides.
MemoryManager& deviceMemory();
/// The set-up of `Pressure` for it.
const PressureSetup& devicePressure();

/// The static buffer that the microphone is read into.
std::span<std::int32_t> i2sReadBuffer();

/// The heap of a squeezed device, in bytes.
inline constexpr std::size_t squeezed_heap = std::size_t{200} * 1024;

/// Effect: `deviceMemory` is the squeezed one from now on. Returns: its heap. Requires: no device runs.
lab::LockedHeap& squeezeDeviceMemory();

/// Effect: `deviceMemory` is the one with pools for mbedTLS from now on. Requires: no device runs.
void useTlsDeviceMemory();

}  // namespace millpond::cli
