// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string>

#include "sizing/Tuning.h"
#include "sizing/Workload.h"

namespace millpond::sizing {

/// Returns: a self-contained HTML page about `tuning` that needs no network. Requires: it is the answer for
/// `workload`.
std::string tuningPage(const Workload& workload, const Tuning& tuning);

}  // namespace millpond::sizing
