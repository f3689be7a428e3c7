// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "board/Board.h"
#include "board/Registers.h"
#include "board/Startup.h"
#include "board/StepClock.h"
#include "millpond/port/RiscvPort.h"

using board::word;
using millpond::port::RiscvCpu;
using millpond::port::RiscvPort;

namespace {

/// The device registers of QEMU's `virt` machine.
constexpr std::uintptr_t test_finisher = 0x100000;
constexpr std::uintptr_t uart = 0x10000000;
constexpr std::uintptr_t mtimecmp = 0x2004000;
constexpr std::uintptr_t mtime = 0x200BFF8;

constexpr std::uint32_t timer_interrupt = 0x80000007;
constexpr std::uint32_t mie_timer = 1U << 7U;

void (*timer_handler)() = nullptr;

// 10 MHz: an instruction of 1024 ns is 10.24 steps.
board::StepClock<10> micros;

std::uint64_t now() {
  while (true) {
    const std::uint32_t high = word(mtime + 4);
    const std::uint32_t low = word(mtime);
    if (word(mtime + 4) == high) return (std::uint64_t{high} << 32U) | low;
  }
}

void setCompare(std::uint64_t at) {
  word(mtimecmp + 4) = UINT32_MAX;  // so that no half-written value fires
  word(mtimecmp) = static_cast<std::uint32_t>(at);
  word(mtimecmp + 4) = static_cast<std::uint32_t>(at >> 32U);
}

}  // namespace

extern "C" void handleTrap(std::uint32_t cause, std::uint32_t pc) {
  if (cause != timer_interrupt) board::fault("trap", cause, pc);
  const RiscvPort::InterruptScope scope;
  board::stopTimer();
  RiscvPort::driveTicks();
  if (timer_handler != nullptr) timer_handler();
}

std::uint64_t millpond::port::boardMicros() {
  const RiscvPort::Critical mask;
  return micros.advance(word(mtime));
}

const std::uint32_t board::ns_per_step = 1;

void board::write(const char* text, std::size_t length) {
  for (std::size_t i = 0; i < length; ++i) *reinterpret_cast<volatile char*>(uart) = text[i];
}

void board::exit(bool passed) {
  word(test_finisher) = passed ? 0x5555 : 0x13333;
  while (true) RiscvCpu::sleep();
}

void board::setTimerHandler(void (*handler)()) { timer_handler = handler; }

void board::interruptAfter(std::uint32_t instructions) {
  const RiscvPort::Critical mask;
  setCompare(now() + (std::uint64_t{instructions} * 2621U >> 8U));
}

void board::stopTimer() { setCompare(UINT64_MAX); }

void board::setUp() {
  stopTimer();
  asm volatile("csrs mie, %0" ::"r"(mie_timer));
  asm volatile("csrsi mstatus, 8");
}
