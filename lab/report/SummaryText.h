// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string>
#include <vector>

#include "lab/report/PolicySummary.h"

namespace millpond::lab {

/// Returns: `summaries` as tables for a terminal, a line per policy.
std::string summaryText(const std::vector<PolicySummary>& summaries);

}  // namespace millpond::lab
