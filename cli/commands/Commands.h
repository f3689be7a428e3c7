// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <CLI/App.hpp>

namespace millpond::cli {

/// Each adds a subcommand to `app`, which when it is chosen does its work while `app` parses, leaves the exit
/// status in `status`, and throws `Error` for what the user can mend. `status` outlives the parsing.
void addRunCommand(CLI::App& app, int& status);
void addStreamCommand(CLI::App& app, int& status);
void addReceiveCommand(CLI::App& app, int& status);
void addSoakCommand(CLI::App& app, int& status);
void addCompareCommand(CLI::App& app, int& status);

}  // namespace millpond::cli
