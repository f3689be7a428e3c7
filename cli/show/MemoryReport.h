// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "cli/show/Progress.h"
#include "millpond/MemoryManager.h"

namespace millpond::cli {

/// Returns: the figures of each pool that has blocks, without the heap.
std::vector<PoolStats> poolsOf(const MemoryStats& stats);

/// Returns: `pools`, a list with the figures of each pool and, last, of the heap.
nlohmann::json poolsJson(const MemoryStats& stats);

/// Returns: how much of the general pool each source holds.
std::vector<Progress::Holder> generalHolders(const MemoryManager& memory);

/// Returns: every live block with its holder.
nlohmann::json leaksJson(const MemoryManager& memory);

}  // namespace millpond::cli
