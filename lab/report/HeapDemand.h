// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lab/device/Scenario.h"

namespace millpond::lab {

/// A request that a device makes again and again: its greatest size, and what it is for.
struct HeapDemand {
  std::uint32_t bytes = 0;
  std::string what;

  bool operator==(const HeapDemand&) const = default;
};

/// Returns: the largest request that a device of `scenario` makes of the heap of `policy` after boot: the one
/// that its largest hole must have room for. Nothing for static buffers, which have no heap.
std::optional<HeapDemand> largestOnHeap(const Scenario& scenario, const std::string& policy);

}  // namespace millpond::lab
