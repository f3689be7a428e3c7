// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string>

#include "cli/show/Progress.h"
#include "cli/show/Terminal.h"

namespace millpond::cli {

/// Returns: a device's memory and progress as lines that fit `terminal`, the last with the progress. What
/// matters least is left out where it is too low, and there is one line where it is too small for a table.
std::string tableText(const Progress& progress, const Terminal& terminal);
/// Returns: the most of it in one line of up to `columns`.
std::string shortText(const Progress& progress, std::size_t columns, bool colours = false);
/// Returns: all of it in one line, for a log.
std::string lineText(const Progress& progress);

}  // namespace millpond::cli
