// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace board {

/// Effect: readies the timer and enables interrupts. Called before the constructors and `firmwareMain`.
void setUp();

/// Effect: says what went wrong, and ends the emulator. For exceptions that no test expects.
[[noreturn]] void fault(const char* what, std::uint32_t cause, std::uint32_t pc);

}  // namespace board
