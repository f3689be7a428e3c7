// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "board/Startup.h"

#include "board/Board.h"
#include "board/Console.h"
#include "millpond/port/Port.h"

extern "C" {

using Constructor = void (*)();
extern const Constructor __init_array_start[];
extern const Constructor __init_array_end[];

void startup();

// Nothing is destroyed: a firmware's main does not end.
void* __dso_handle = nullptr;
int __cxa_atexit(void (*)(void*), void*, void*) { return 0; }
}

void startup() {
  board::setUp();
  for (const Constructor* constructor = __init_array_start; constructor != __init_array_end; ++constructor) {
    (*constructor)();
  }
  board::exit(board::firmwareMain() == 0);
}

// The trampoline in assembly: reads the clock, calls, reads the clock.
extern "C" void timeCall(const board::Call& call, board::CallResult& result);

board::CallResult board::timedCall(const Call& call) {
  const millpond::Port::Critical masked;
  CallResult result{};
  timeCall(call, result);
  return result;
}

void board::letPass(std::uint64_t micros) {
  const std::uint64_t begin = millpond::Port::micros();
  while (millpond::Port::micros() - begin < micros) millpond::Port::driveTicks();
}

void board::fault(const char* what, std::uint32_t cause, std::uint32_t pc) {
  console::print("fault: ", what, " ", console::Hex{cause}, " at ", console::Hex{pc}, "\n");
  exit(false);
}
