// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>

#include "cli/Progress.h"

namespace millpond::cli {

/// Shows a device's memory and progress: a table redrawn in place on a terminal, else a line now and then.
class LiveTable {
 public:
  explicit LiveTable(std::FILE* out);

  /// Effect: shows `progress`; without a terminal, only where the last line is two seconds old, or is `last`.
  void show(const Progress& progress, bool last = false);

 private:
  void redraw(const std::string& table);

  std::FILE* out_;
  bool terminal_;
  std::size_t lines_ = 0;
  double last_line_at_ = -1e9;
};

/// Returns: the table of `LiveTable` for a terminal; the last line is the progress bar.
std::string tableText(const Progress& progress);
/// Returns: the same in one line.
std::string lineText(const Progress& progress);

}  // namespace millpond::cli
