// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdio>
#include <string>

#include "cli/show/InPlace.h"
#include "cli/show/Progress.h"

namespace millpond::cli {

/// Shows a device's memory and progress: on a terminal a table, redrawn in place at the terminal's present
/// size, else a line now and then.
class LiveTable {
 public:
  explicit LiveTable(std::FILE* out) : out_(out) {}

  /// Effect: shows `progress`. Without a table, only if the last line is two seconds old or this is the
  /// `last`.
  void show(const Progress& progress, bool last = false);
  /// Effect: writes a line to standard error in place of the table, which is redrawn below it.
  void say(const std::string& line);

 private:
  std::FILE* out_;
  InPlace place_{out_};
  double last_line_at_ = -1e9;
};

}  // namespace millpond::cli
