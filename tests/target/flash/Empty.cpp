// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What is there without the library: the start-up, the clock, the platform's heap, and the C library's copy
// and fill, which every firmware has.
#include "board/Board.h"
#include "millpond/port/Port.h"

int board::firmwareMain() {
  volatile std::size_t bytes = 16;
  void* volatile memory = millpond::Port::heapAllocate(bytes, bytes);
  char filled[16];
  char copied[16];
  __builtin_memset(filled, 1, bytes);
  __builtin_memcpy(copied, filled, bytes);
  millpond::Port::heapRelease(memory, bytes);
  return millpond::Port::micros() == 0 || copied[bytes - 1] != 1;
}
