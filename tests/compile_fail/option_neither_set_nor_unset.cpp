// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: anOptionIsNeither1Nor0
#include <millpond/port/BuildOptions.h>

constexpr bool reclaimable = MILLPOND_IS_SET(y);
