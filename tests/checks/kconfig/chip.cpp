// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/BuildConfig.h"

static_assert(millpond::build_config.check() == millpond::ConfigError::none);
// The side tables of the default pools take 800 bytes on 32 bits.
static_assert(millpond::build_config.checkBudget(800) == millpond::ConfigError::none);
