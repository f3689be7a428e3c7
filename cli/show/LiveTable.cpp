// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/show/LiveTable.h"

#include "cli/show/Print.h"
#include "cli/show/TableText.h"

namespace millpond::cli {

namespace {

constexpr double line_interval = 2;

}  // namespace

void LiveTable::show(const Progress& progress, bool last) {
  const Terminal terminal = Terminal::of(out_);
  if (terminal.moves) {
    place_.draw(tableText(progress, terminal), terminal);
  } else if (last || progress.seconds >= last_line_at_ + line_interval) {
    last_line_at_ = progress.seconds;
    writeText(out_, terminal.there ? shortText(progress, terminal.columns - 1) + "\n" : lineText(progress));
  }
  flushText(out_);
}

void LiveTable::say(const std::string& line) {
  place_.remove();
  print(stderr, "{}\n", line);
}

}  // namespace millpond::cli
