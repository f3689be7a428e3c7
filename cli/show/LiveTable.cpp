// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/show/LiveTable.h"

#include "cli/show/Print.h"
#include "cli/show/TableText.h"

namespace millpond::cli {

namespace {

constexpr double line_interval = 2;

// Terminal control sequences of ECMA-48.
constexpr const char* clear_screen = "\x1b[H\x1b[J";
constexpr const char* clear_line = "\x1b[2K";
constexpr const char* clear_below = "\x1b[J";

}  // namespace

void LiveTable::show(const Progress& progress, bool last) {
  const Terminal terminal = Terminal::of(out_);
  if (terminal.moves) {
    redraw(progress, terminal);
  } else if (last || progress.seconds >= last_line_at_ + line_interval) {
    last_line_at_ = progress.seconds;
    writeText(out_, terminal.there ? shortText(progress, terminal.columns - 1) + "\n" : lineText(progress));
  }
  flushText(out_);
}

void LiveTable::say(const std::string& line) {
  if (lines_ > 0) print(out_, "\x1b[{}A\r{}", lines_, clear_below);
  lines_ = 0;
  flushText(out_);
  print(stderr, "{}\n", line);
}

void LiveTable::redraw(const Progress& progress, const Terminal& terminal) {
  std::string drawing;
  // It is unknown how a resized terminal has wrapped the former lines.
  if (lines_ > 0) drawing = terminal == drawn_on_ ? fmt::format("\x1b[{}A\r", lines_) : clear_screen;
  const std::string table = tableText(progress, terminal);
  lines_ = 0;
  for (std::size_t start = 0; start < table.size(); ++lines_) {
    const std::size_t end = table.find('\n', start);
    drawing += clear_line + table.substr(start, end - start) + "\n";
    start = end + 1;
  }
  drawn_on_ = terminal;
  writeText(out_, drawing + clear_below);
}

}  // namespace millpond::cli
