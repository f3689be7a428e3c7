// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "cli/show/Progress.h"
#include "millpond/MemoryManager.h"

namespace millpond::cli {

/// Returns: `pools`, a list of the figures of each pool, the heap last.
nlohmann::json poolsJson(const MemoryStats& stats);

/// Returns: who holds how much of the general pool just now.
std::vector<Progress::Holder> generalHolders(const MemoryManager& memory);

/// Returns: every block that is held just now, with who holds it.
nlohmann::json leaksJson(const MemoryManager& memory);

}  // namespace millpond::cli
