// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

namespace millpond::cli {

/// The exit statuses of every command.
enum ExitStatus : int {
  exit_good = 0,
  /// A file, a device or the network failed, or a stream did not arrive completely.
  exit_failure = 1,
  /// The command line is invalid; nothing was started.
  exit_usage = 2,
  /// A simulated device ran to the end, but a request failed.
  exit_request_failed = 3,
  /// The traces are too short for an answer about the future, or demand grows.
  exit_abstained = 3,
};

/// The same for --help. docs/command.md lists them too.
inline constexpr const char* exit_status_help =
    "Exit status: 0 all is well; 1 a file, a device or the network failed, or a stream did not arrive "
    "whole;\n"
    "2 wrong usage; 3 a request failed in a simulated device (soak, compare), or no answer (tune).";

}  // namespace millpond::cli
