// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// A board under the kernel: the tests run in a task, and another one keeps the scheduler busy.
#include "board/Board.h"

#include "KernelBoard.h"
#include "board/Console.h"
#include "millpond/port/Port.h"

extern "C" {
using Constructor = void (*)();
extern const Constructor __init_array_start[];
extern const Constructor __init_array_end[];
void startup();
void* __dso_handle = nullptr;
int __cxa_atexit(void (*)(void*), void*, void*) { return 0; }
}

namespace {

using millpond::Port;

alignas(16) std::byte test_stack[32768];
alignas(16) std::byte busy_stack[4096];
Port::Task tests;
Port::Task busy;

void keepBusy(void*) {
  while (true) vTaskDelay(3);
}

}  // namespace

extern "C" void vApplicationTickHook() { Port::driveTicks(); }

extern "C" void kernelFault(const char* file, int line) {
  console::print("kernel: ", file, ":", line, "\n");
  board::exit(false);
}

void board::letPass(std::uint64_t micros) {
  const std::uint64_t begin = Port::micros();
  while (Port::micros() - begin < micros) {
  }
}

void startup() {
  board::setUpKernelBoard();
  for (const Constructor* constructor = __init_array_start; constructor != __init_array_end; ++constructor) {
    (*constructor)();
  }
  const bool started = busy.start({.name = "busy", .stack = busy_stack, .priority = 3}, keepBusy, nullptr) &&
                       tests.start(
                           {.name = "tests", .stack = test_stack, .priority = 2},
                           [](void*) { board::exit(board::firmwareMain() == 0); }, nullptr);
  if (started) vTaskStartScheduler();
  console::print("the scheduler did not start\n");
  board::exit(false);
}
