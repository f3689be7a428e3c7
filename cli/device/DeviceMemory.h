// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lab/heaps/LockedHeap.h"
#include "millpond/MemoryManager.h"

namespace millpond::cli {

/// The memory of the device that this program plays: the pools with ADR-002's sizes above the host's heap,
/// or, after `squeezeDeviceMemory`, with a reclaimable network pool above a device's heap of 200 KiB.
MemoryManager& deviceMemory();
/// What `Pressure` goes by there.
const PressureSetup& devicePressure();

/// The static buffer that its microphone is read into.
std::span<std::int32_t> i2sReadBuffer();

/// What a squeezed device has for a heap, in bytes.
inline constexpr std::size_t squeezed_heap = std::size_t{200} * 1024;

/// Effect: `deviceMemory` is the other one from now on. Returns: its heap. Requires: no device runs.
lab::LockedHeap& squeezeDeviceMemory();

}  // namespace millpond::cli
