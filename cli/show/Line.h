// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace millpond::cli {

/// A line for a terminal, in UTF-8 with one column per character. Pieces that report trouble are highlighted.
class Line {
 public:
  Line& add(std::string text, bool trouble = false);

  /// Returns: the line, with an ellipsis in its last column if it is longer than `columns`. If `colours`,
  /// pieces that report trouble are red.
  std::string text(std::size_t columns, bool colours) const;

 private:
  struct Piece {
    std::string text;
    bool trouble;
  };

  std::vector<Piece> pieces_;
};

/// Returns: the longest prefix of `text` that fits in `columns`.
std::string fitting(const std::string& text, std::size_t columns);

/// Returns: `text`, UTF-8 that somebody else wrote, with '?' for each control character: it could move the
/// cursor.
std::string printable(const std::string& text);

/// Returns: `times` copies of `text`.
std::string repeat(const char* text, std::size_t times);

}  // namespace millpond::cli
