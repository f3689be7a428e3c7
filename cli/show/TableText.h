// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string>

#include "cli/show/Progress.h"
#include "cli/show/Terminal.h"

namespace millpond::cli {

/// Returns: a device's memory and progress as lines that fit `terminal`, with the progress last. Omits the
/// least important lines if the terminal is too low. Only one line if it is too small for a table.
std::string tableText(const Progress& progress, const Terminal& terminal);
/// Returns: the most important figures in one line of up to `columns`.
std::string shortText(const Progress& progress, std::size_t columns, bool colours = false);
/// Returns: everything in one line, for a log.
std::string lineText(const Progress& progress);

}  // namespace millpond::cli
