// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// QEMU's `mps2-an385` machine under the kernel, which has SysTick: the tests' interrupt is the first timer's.
#include "KernelBoard.h"
#include "board/Board.h"
#include "board/Console.h"
#include "board/Registers.h"
#include "millpond/port/CortexMCpu.h"

using board::word;

namespace {

constexpr std::uintptr_t timer_control = 0x40000000;
constexpr std::uintptr_t timer_value = 0x40000004;
constexpr std::uintptr_t timer_reload = 0x40000008;
constexpr std::uintptr_t timer_clear = 0x4000000C;
constexpr std::uintptr_t uart_data = 0x40004000;
constexpr std::uintptr_t uart_control = 0x40004008;
constexpr std::uintptr_t interrupt_enable = 0xE000E100;
constexpr std::uintptr_t interrupt_priority = 0xE000E408;
constexpr std::uint32_t timer_interrupt = 8;

void (*volatile timer_handler)() = nullptr;

}  // namespace

extern "C" void handleTimer() {
  word(timer_control) = 0;
  word(timer_clear) = 1;
  if (timer_handler != nullptr) timer_handler();
}

extern "C" void handleFault(std::uint32_t exception, std::uint32_t pc) {
  console::print("fault: exception ", console::Hex{exception}, " at ", console::Hex{pc}, "\n");
  board::exit(false);
}

void board::write(const char* text, std::size_t length) {
  for (std::size_t i = 0; i < length; ++i) word(uart_data) = static_cast<unsigned char>(text[i]);
}

void board::exit(bool passed) {
  register std::uint32_t operation asm("r0") = 0x18;
  register std::uint32_t reason asm("r1") = passed ? 0x20026 : 0x20023;
  asm volatile("bkpt 0xAB" ::"r"(operation), "r"(reason) : "memory");
  while (true) millpond::port::CortexMCpu::sleep();
}

void board::setTimerHandler(void (*handler)()) { timer_handler = handler; }

// 25 MHz: an instruction of 1024 ns is 25.6 steps.
void board::interruptAfter(std::uint32_t instructions) {
  const std::uint32_t steps = 1 + (instructions * 6554U >> 8U);
  word(timer_control) = 0;
  word(timer_reload) = steps;
  word(timer_value) = steps;
  word(timer_control) = 9;  // on, with its interrupt
}

void board::stopTimer() {
  word(timer_control) = 0;
  word(timer_clear) = 1;
}

void board::setUpKernelBoard() {
  word(uart_control) = 1;
  word(interrupt_priority) = 0x80;  // less urgent than what masks the kernel's calls
  word(interrupt_enable) = 1U << timer_interrupt;
}
