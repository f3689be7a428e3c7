// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

/// On what an interrupt may run: a port, or a build, defines it as where such code lives (ESP32: IRAM),
/// because flash may be out of reach just then. Everything that so marked code calls is marked too, or
/// inlined, or reached by tasks only. "Context: any" in the headers means also an interrupt without flash;
/// "any that reaches flash" says where that is not so. GCC ignores the mark on members of templates, so those
/// that an interrupt may call are inlined always.
#if !defined(MILLPOND_HOT)
#define MILLPOND_HOT
#endif
#if !defined(MILLPOND_HOT_DATA)
#define MILLPOND_HOT_DATA
#endif

/// On the few steps that the plain case of an operation is made of: inlined where the compiler works for
/// speed. Where it works for size there is no plain case apart from the general one.
#if defined(__OPTIMIZE_SIZE__)
#define MILLPOND_INLINE MILLPOND_HOT inline
namespace millpond {
inline constexpr bool plain_case_apart = false;
}
#else
#define MILLPOND_INLINE [[gnu::always_inline]] inline
namespace millpond {
inline constexpr bool plain_case_apart = true;
}
#endif
