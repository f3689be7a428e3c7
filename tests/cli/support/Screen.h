// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace millpond::test {

/// What a terminal shows of what was written to it, as far as this project goes: text, colours left out; the
/// cursor up and home; a line, or all below, erased.
class Screen {
 public:
  Screen(std::size_t columns, std::size_t rows) : columns_(columns), lines_(rows, Cells(columns, " ")) {}

  void write(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) i = text[i] == '\x1b' ? control(text, i) : put(text, i);
  }

  /// Returns: the lines, without spaces at their ends.
  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    for (const Cells& cells : lines_) {
      std::string line;
      for (const std::string& cell : cells) line += cell;
      all.push_back(line.substr(0, line.find_last_not_of(' ') + 1));
    }
    return all;
  }
  std::string text() const {
    std::string all;
    for (const std::string& line : lines()) all += line + "\n";
    return all;
  }
  /// Lines that were longer than the screen is wide.
  std::size_t wrapped() const { return wrapped_; }
  /// Lines that left the screen at its top.
  std::size_t scrolled() const { return scrolled_; }

 private:
  using Cells = std::vector<std::string>;

  std::size_t put(std::string_view text, std::size_t at) {
    if (text[at] == '\r') {
      column_ = 0;
      return at + 1;
    }
    if (text[at] == '\n') {
      nextLine();
      return at + 1;
    }
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) ++end;
    if (column_ == columns_) {
      ++wrapped_;
      nextLine();
    }
    lines_[row_][column_++] = text.substr(at, end - at);
    return end;
  }

  std::size_t control(std::string_view text, std::size_t at) {
    const std::size_t end = text.find_first_not_of("0123456789;", at + 2);
    const std::string number(text.substr(at + 2, end - at - 2));
    switch (text[end]) {
      case 'A':
        row_ -= std::min(row_, static_cast<std::size_t>(std::stoul(number)));
        break;
      case 'H':
        row_ = column_ = 0;
        break;
      case 'K':
        lines_[row_].assign(columns_, " ");
        break;
      case 'J':
        for (std::size_t column = column_; column < columns_; ++column) lines_[row_][column] = " ";
        for (std::size_t row = row_ + 1; row < lines_.size(); ++row) lines_[row].assign(columns_, " ");
        break;
      default:
        break;
    }
    return end + 1;
  }

  void nextLine() {
    column_ = 0;
    if (++row_ < lines_.size()) return;
    --row_;
    ++scrolled_;
    lines_.erase(lines_.begin());
    lines_.emplace_back(columns_, " ");
  }

  std::size_t columns_;
  std::vector<Cells> lines_;
  std::size_t row_ = 0;
  std::size_t column_ = 0;
  std::size_t wrapped_ = 0;
  std::size_t scrolled_ = 0;
};

}  // namespace millpond::test
