// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace millpond::cli {

/// A line for a terminal: UTF-8 of one column a character, some of which tells of trouble.
class Line {
 public:
  Line& add(std::string text, bool trouble = false);

  /// Returns: the line, its last column an ellipsis where it has more than `columns`; what tells of trouble
  /// in red where `colours`.
  std::string text(std::size_t columns, bool colours) const;

 private:
  struct Piece {
    std::string text;
    bool trouble;
  };

  std::vector<Piece> pieces_;
};

/// Returns: the front of `text` that takes up at most `columns`.
std::string fitting(const std::string& text, std::size_t columns);

/// Returns: `text`, so many times.
std::string repeat(const char* text, std::size_t times);

}  // namespace millpond::cli
