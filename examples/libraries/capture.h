// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <stdbool.h>  // NOLINT(modernize-deprecated-headers): C reads this too

#ifdef __cplusplus
extern "C" {
#endif

bool capture(void);

#ifdef __cplusplus
}
#endif
