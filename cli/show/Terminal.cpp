// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/show/Terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace millpond::cli {

namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody changes the environment
  return value == nullptr ? "" : value;
}

}  // namespace

Terminal Terminal::of(std::FILE* out) {
  Terminal terminal;
  terminal.there = isatty(fileno(out)) != 0;
  if (!terminal.there) return terminal;
  terminal.moves = !variable("TERM").empty() && variable("TERM") != "dumb";
  terminal.colours = terminal.moves && variable("NO_COLOR").empty();
  winsize size{};
  if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    terminal.columns = size.ws_col;
    terminal.rows = size.ws_row;
  }
  return terminal;
}

}  // namespace millpond::cli
