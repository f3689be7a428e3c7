// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "sizing/Tuning.h"

namespace millpond::sizing {

/// Returns: the object that `millpond tune --json` prints.
nlohmann::json toJson(const Tuning& tuning);

}  // namespace millpond::sizing
