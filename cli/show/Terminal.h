// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdio>

namespace millpond::cli {

/// The properties of the terminal behind a file.
struct Terminal {
  /// Whether it is a terminal. If not, all other members are as for a wide one.
  bool there = false;
  /// Whether the cursor can be moved: false if TERM is "dumb", empty or unset.
  bool moves = false;
  /// Whether to use colours: if the cursor can be moved and NO_COLOR is empty or unset.
  bool colours = false;
  std::size_t columns = 80;
  std::size_t rows = 24;

  /// Returns: the present terminal behind `out`. A terminal that does not report its size has 80 columns and
  /// 24 rows.
  static Terminal of(std::FILE* out);

  friend bool operator==(const Terminal&, const Terminal&) = default;
};

}  // namespace millpond::cli
