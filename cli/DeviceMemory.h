// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <span>

#include "millpond/MemoryManager.h"

namespace millpond::cli {

/// The memory of the device that this program plays: the pools with ADR-002's sizes.
MemoryManager& deviceMemory();

/// The static buffer that its microphone is read into.
std::span<std::int32_t> i2sReadBuffer();

}  // namespace millpond::cli
