// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What is there without the library: the start-up, the clock and the platform's heap.
#include "board/Board.h"
#include "millpond/port/Port.h"

int board::firmwareMain() {
  void* volatile memory = millpond::Port::heapAllocate(16);
  millpond::Port::heapRelease(memory);
  return millpond::Port::micros() == 0;
}
