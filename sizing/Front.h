// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <vector>

#include "sizing/Tuning.h"

namespace millpond::sizing {

/// Returns: the rows that no other beats in bytes and refusals, over traces of `seconds`, fewest bytes first;
/// then rows that refuse nothing and last longer through an outage for their bytes.
std::vector<FrontRow> combinedFront(const std::vector<TunedPool>& pools, double seconds);

}  // namespace millpond::sizing
