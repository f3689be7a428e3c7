// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string>

#include "sizing/Tuning.h"

namespace millpond::sizing {

/// Returns: a header with the answer as `pool_config`, a `MemoryConfig`, with its evidence in comments.
/// `command` is the one that writes it again.
std::string configHeader(const Tuning& tuning, const std::string& command);

}  // namespace millpond::sizing
