// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string>

#include "sizing/Counters.h"
#include "sizing/Tuning.h"

namespace millpond::cli {

/// Returns: the answer of `millpond tune` for people.
std::string tuningText(const sizing::Tuning& tuning);

/// Returns: what the counters of devices say about fewer blocks.
std::string countersText(const sizing::Counters& counters);

}  // namespace millpond::cli
