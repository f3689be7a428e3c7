// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdio>

namespace millpond::cli {

/// What can be shown at the other end of a file.
struct Terminal {
  /// Whether somebody looks at it; else all else is as for a wide one.
  bool there = false;
  /// Whether the cursor can be moved: not where TERM is "dumb", empty or unset.
  bool moves = false;
  /// Whether to use colours: where the cursor can be moved and NO_COLOR is empty or unset.
  bool colours = false;
  std::size_t columns = 80;
  std::size_t rows = 24;

  /// Returns: what `out` leads to just now; a terminal that does not tell its size has 80 columns and 24
  /// rows.
  static Terminal of(std::FILE* out);

  friend bool operator==(const Terminal&, const Terminal&) = default;
};

}  // namespace millpond::cli
