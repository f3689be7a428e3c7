// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

/// Marks code and constants that an interrupt may use. A port or a build defines both macros as the section
/// for them (ESP32: IRAM, DRAM), because flash may be inaccessible during an interrupt. Marked code calls
/// only marked code, inlined code, or code that only tasks reach. "Context: any" in the headers includes an
/// interrupt without access to flash; "any that reaches flash" excludes it.
///
/// GCC ignores a section on a member of a template. Such members are therefore inlined into their caller, and
/// so into its section: always with MILLPOND_INLINE, and only if such sections are defined with
/// MILLPOND_HOT_MEMBER.
#if defined(ESP_PLATFORM) && !defined(MILLPOND_HOT)
#include "millpond/port/EspIdfSections.h"
#endif
#if defined(MILLPOND_HOT)
#define MILLPOND_HOT_MEMBER [[gnu::always_inline]]
#else
#define MILLPOND_HOT
#define MILLPOND_HOT_MEMBER
#endif
#if !defined(MILLPOND_HOT_DATA)
#define MILLPOND_HOT_DATA
#endif

/// Inlined at every optimisation level, so that it becomes part of the caller's section.
#define MILLPOND_INLINE [[gnu::always_inline]] inline
/// The same for a lambda, written after its parameters.
#define MILLPOND_INLINED __attribute__((always_inline))
