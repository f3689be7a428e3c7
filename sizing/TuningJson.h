// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "sizing/Tuning.h"

namespace millpond::sizing {

/// Returns: a pool as `tune --json` lists it, and as `replay --config` reads it.
nlohmann::json toJson(const PoolSize& pool);

/// Returns: the object that `millpond tune --json` prints.
nlohmann::json toJson(const Tuning& tuning);

}  // namespace millpond::sizing
