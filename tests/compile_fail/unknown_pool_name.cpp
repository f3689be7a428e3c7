// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: noPoolHasThisName
#include <millpond.h>

constexpr millpond::MemoryConfig config;
constexpr millpond::PoolId lost = config.id("lost");
