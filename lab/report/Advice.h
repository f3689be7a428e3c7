// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string>
#include <vector>

#include "lab/device/Scenario.h"
#include "lab/report/PolicySummary.h"

namespace millpond::lab {

/// Returns: what the measurements advise for a device like `scenario`'s, a sentence or two each: whether the
/// pools keep their promise, how the heap beside them fared, and what pools for TLS records and pbufs change.
/// Empty if no policy with pools was run.
std::vector<std::string> adviceOf(const Scenario& scenario, const std::vector<PolicySummary>& summaries);

}  // namespace millpond::lab
