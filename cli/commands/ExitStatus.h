// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

namespace millpond::cli {

/// The exit statuses of every command.
enum ExitStatus : int {
  exit_good = 0,
  /// A file, a device or the network failed, or a stream did not arrive whole.
  exit_failure = 1,
  /// The command line asks for what cannot be; nothing was begun.
  exit_usage = 2,
  /// A simulated device lived to the end of its days, and a request of its failed.
  exit_request_failed = 3,
};

/// The same for --help. docs/command.md has them as well.
inline constexpr const char* exit_status_help =
    "Exit status: 0 all is well; 1 a file, a device or the network failed, or a stream did not arrive "
    "whole;\n"
    "2 wrong usage; 3 a request failed in a simulated device (soak, compare).";

}  // namespace millpond::cli
