// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <vector>

#include "millpond/MemoryConfig.h"
#include "sizing/Workload.h"

namespace millpond::sizing {

/// Returns: the configuration of a manager with these pools, of which "audio", "network" and "general" are
/// the ADR's. Those without blocks are left out. Throws: std::runtime_error if there are too many pools, or
/// if one cannot be.
MemoryConfig configurationOf(const std::vector<PoolSize>& pools);

/// Returns: the requests that each pool of `pools` refused when the library served every device of `workload`
/// from them. Requires: `pools` are as many as the workload's. A pool with 0 blocks is not asked. Throws: as
/// `configurationOf`.
std::vector<std::uint64_t> refusedByLibrary(const Workload& workload, const std::vector<PoolSize>& pools);

}  // namespace millpond::sizing
