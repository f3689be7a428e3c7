// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

/// Marks code and constants that an interrupt may use. A port or a build defines both as the section where
/// these live (ESP32: IRAM, DRAM), because flash may be out of reach during an interrupt. Marked code calls
/// only what is marked, what is inlined, or what only tasks reach. "Context: any" in the headers includes an
/// interrupt without flash; "any that reaches flash" excludes it.
///
/// GCC ignores a section on a member of a template. So those are inlined into their caller, and into its
/// section: always if MILLPOND_INLINE, and if there are such sections at all if MILLPOND_HOT_MEMBER.
#if defined(MILLPOND_HOT)
#define MILLPOND_HOT_MEMBER [[gnu::always_inline]]
#else
#define MILLPOND_HOT
#define MILLPOND_HOT_MEMBER
#endif
#if !defined(MILLPOND_HOT_DATA)
#define MILLPOND_HOT_DATA
#endif

/// Inlined at every optimisation level: becomes part of the caller's section.
#define MILLPOND_INLINE [[gnu::always_inline]] inline
/// The same for a lambda, behind its parameters.
#define MILLPOND_INLINED __attribute__((always_inline))
