// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// Hot code that does what it must not: it calls a function and reads a constant outside the hot section.
#include "board/Board.h"

namespace {

volatile int sink = 0;

MILLPOND_HOT_DATA constexpr int in_ram[] = {1, 2, 4, 8, 16};
constexpr int in_flash[] = {4, 5, 6, 7, 8};

[[gnu::noinline]] void coldFunction() { sink = sink + 1; }
MILLPOND_HOT [[gnu::noinline]] void hotFunction() { sink = sink + 2; }

}  // namespace

MILLPOND_HOT [[gnu::noinline]] int wellBehaved(int at) {
  hotFunction();
  return in_ram[at];
}

MILLPOND_HOT [[gnu::noinline]] int trespassing(int at) {
  coldFunction();
  return in_flash[at];
}

int board::firmwareMain() { return wellBehaved(sink) + trespassing(sink) > 4 ? 0 : 1; }
