// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <CLI/App.hpp>

namespace millpond::cli {

/// Each adds a subcommand to `app`. A chosen subcommand runs while `app` parses and stores the exit status in
/// `status`. It throws `Error` for anything the user can fix. `status` outlives the parsing.
void addRunCommand(CLI::App& app, int& status);
void addStreamCommand(CLI::App& app, int& status);
void addReceiveCommand(CLI::App& app, int& status);
void addSoakCommand(CLI::App& app, int& status);
void addCompareCommand(CLI::App& app, int& status);
void addTuneCommand(CLI::App& app, int& status);
void addReplayCommand(CLI::App& app, int& status);
void addTraceCommand(CLI::App& app, int& status);
void addFleetCommand(CLI::App& app, int& status);
void addTopCommand(CLI::App& app, int& status);

}  // namespace millpond::cli
