// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "millpond/MemoryManager.h"

namespace millpond::cli {

/// Returns: `pools`, a list of the figures of each pool, the heap last.
nlohmann::json poolsJson(const MemoryStats& stats);

/// Returns: every block that is held just now, with who holds it.
nlohmann::json leaksJson(const MemoryManager& memory);

}  // namespace millpond::cli
