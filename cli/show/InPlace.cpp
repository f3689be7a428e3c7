// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/show/InPlace.h"

#include "cli/show/Print.h"

namespace millpond::cli {

namespace {

// Terminal control sequences of ECMA-48.
constexpr const char* clear_screen = "\x1b[H\x1b[J";
constexpr const char* clear_line = "\x1b[2K";
constexpr const char* clear_below = "\x1b[J";

}  // namespace

void InPlace::draw(const std::string& text, const Terminal& terminal) {
  std::string drawing;
  // It is unknown how a resized terminal has wrapped the former lines.
  if (lines_ > 0) drawing = terminal == drawn_on_ ? fmt::format("\x1b[{}A\r", lines_) : clear_screen;
  lines_ = 0;
  for (std::size_t start = 0; start < text.size(); ++lines_) {
    const std::size_t end = text.find('\n', start);
    drawing += clear_line + text.substr(start, end - start) + "\n";
    start = end + 1;
  }
  drawn_on_ = terminal;
  writeText(out_, drawing + clear_below);
}

void InPlace::remove() {
  if (lines_ > 0) print(out_, "\x1b[{}A\r{}", lines_, clear_below);
  lines_ = 0;
  flushText(out_);
}

}  // namespace millpond::cli
