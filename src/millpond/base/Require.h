// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

/// Checks what a comment's "Requires:" says, in a build that defines MILLPOND_CHECK_REQUIREMENTS: a broken
/// requirement traps. In any other build it costs nothing, and the condition is not evaluated.
#if defined(MILLPOND_CHECK_REQUIREMENTS)
#define MILLPOND_REQUIRE(condition) ((condition) ? static_cast<void>(0) : __builtin_trap())
#else
#define MILLPOND_REQUIRE(condition) static_cast<void>(sizeof(static_cast<bool>(condition)))
#endif
