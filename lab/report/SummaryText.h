// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string>
#include <vector>

#include "lab/device/Scenario.h"
#include "lab/report/PolicySummary.h"

namespace millpond::lab {

/// Returns: `summaries` as tables for a terminal, a line per policy: first how far each was from refusing the
/// largest request on its heap.
std::string summaryText(const Scenario& scenario, const std::vector<PolicySummary>& summaries);

}  // namespace millpond::lab
