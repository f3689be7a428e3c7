// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "board/Board.h"
#include "board/Registers.h"
#include "board/Startup.h"
#include "board/StepClock.h"
#include "millpond/port/CortexMPort.h"

using board::word;
using millpond::port::CortexMCpu;
using millpond::port::CortexMPort;

namespace {

/// The device registers of QEMU's `mps2-an385` machine.
constexpr std::uintptr_t timer_control = 0x40000000;
constexpr std::uintptr_t timer_value = 0x40000004;
constexpr std::uintptr_t timer_reload = 0x40000008;
constexpr std::uintptr_t uart_data = 0x40004000;
constexpr std::uintptr_t uart_control = 0x40004008;
constexpr std::uintptr_t systick_control = 0xE000E010;
constexpr std::uintptr_t systick_reload = 0xE000E014;
constexpr std::uintptr_t systick_value = 0xE000E018;
constexpr std::uintptr_t interrupt_control = 0xE000ED04;

constexpr std::uint32_t systick_on = 7;
constexpr std::uint32_t systick_not_pending = 1U << 25U;

void (*timer_handler)() = nullptr;

// 25 MHz: an instruction of 1024 ns is 25.6 steps.
board::StepClock<25> micros;

}  // namespace

extern "C" void handleTimer() {
  board::stopTimer();
  CortexMPort::driveTicks();
  if (timer_handler != nullptr) timer_handler();
}

extern "C" void handleFault(std::uint32_t exception, std::uint32_t pc) {
  board::fault("exception", exception, pc);
}

extern "C" char* _sbrk(std::ptrdiff_t bytes) {
  static char* end = board::__heap_start;
  if (bytes > board::__heap_end - end) return reinterpret_cast<char*>(UINTPTR_MAX);
  char* const before = end;
  end += bytes;
  return before;
}

std::uint64_t millpond::port::boardMicros() {
  const CortexMPort::Critical mask;
  return micros.advance(~word(timer_value));
}

const std::uint32_t board::ns_per_step = 40;

void board::write(const char* text, std::size_t length) {
  for (std::size_t i = 0; i < length; ++i) word(uart_data) = static_cast<unsigned char>(text[i]);
}

void board::exit(bool passed) {
  register std::uint32_t operation asm("r0") = 0x18;
  register std::uint32_t reason asm("r1") = passed ? 0x20026 : 0x20023;
  asm volatile("bkpt 0xAB" ::"r"(operation), "r"(reason) : "memory");
  while (true) CortexMCpu::sleep();
}

void board::setTimerHandler(void (*handler)()) { timer_handler = handler; }

void board::interruptAfter(std::uint32_t instructions) {
  const CortexMPort::Critical mask;
  word(systick_reload) = 1 + (instructions * 6554U >> 8U);
  word(systick_value) = 0;
  word(systick_control) = systick_on;
}

void board::stopTimer() {
  word(systick_control) = 0;
  word(interrupt_control) = systick_not_pending;
}

void board::setUp() {
  word(uart_control) = 1;
  word(timer_reload) = UINT32_MAX;
  word(timer_value) = UINT32_MAX;
  word(timer_control) = 1;
}
