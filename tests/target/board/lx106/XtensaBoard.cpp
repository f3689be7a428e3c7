// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "board/Board.h"
#include "board/Startup.h"
#include "board/StepClock.h"
#include "millpond/port/XtensaPort.h"

using millpond::port::XtensaCpu;
using millpond::port::XtensaPort;

extern "C" std::uint32_t simulatorCall(std::uint32_t number, std::uintptr_t a, std::uintptr_t b,
                                       std::uintptr_t c);

namespace {

constexpr std::uint32_t call_exit = 1;
constexpr std::uint32_t call_write = 4;
constexpr std::uint32_t level1_interrupt = 4;
constexpr std::uint32_t timer_enabled = 1U << 6U;

void (*timer_handler)() = nullptr;

// 40 MHz: an instruction of 1024 ns is 40.96 steps.
board::StepClock<40> micros;

// From reading the cycle count to writing the comparator.
constexpr std::uint32_t instructions_to_set = 4;

std::uint32_t cycles() {
  std::uint32_t count = 0;
  asm volatile("rsr.ccount %0" : "=a"(count));
  return count;
}

void enableInterrupts(std::uint32_t enabled) {
  asm volatile("wsr.intenable %0\n\trsync" ::"a"(enabled) : "memory");
}

}  // namespace

extern "C" void handleTrap(std::uint32_t cause, std::uint32_t pc) {
  if (cause != level1_interrupt) board::fault("exception", cause, pc);
  const XtensaPort::InterruptScope scope;
  board::stopTimer();
  XtensaPort::driveTicks();
  if (timer_handler != nullptr) timer_handler();
}

std::uint64_t millpond::port::boardMicros() {
  const XtensaPort::Critical mask;
  return micros.advance(cycles());
}

const std::uint32_t board::ns_per_step = 25;

void board::write(const char* text, std::size_t length) {
  simulatorCall(call_write, 1, reinterpret_cast<std::uintptr_t>(text), length);
}

void board::exit(bool passed) {
  simulatorCall(call_exit, passed ? 0 : 1, 0, 0);
  while (true) XtensaCpu::sleep();
}

void board::setTimerHandler(void (*handler)()) { timer_handler = handler; }

void board::interruptAfter(std::uint32_t instructions) {
  const XtensaPort::Critical mask;
  // Writing the comparator also takes back an interrupt that is pending.
  std::uint32_t steps = (instructions + instructions_to_set) * 41U;
  // In one piece, so that the moment is not past before it is set. Writing the comparator also takes back an
  // interrupt that is pending.
  asm volatile(
      "rsr.ccount a15\n\t"
      "add %0, %0, a15\n\t"
      "wsr.ccompare0 %0\n\t"
      "esync"
      : "+a"(steps)
      :
      : "a15", "memory");
  enableInterrupts(timer_enabled);
}

void board::stopTimer() { enableInterrupts(0); }

void board::setUp() { asm volatile("rsil a2, 0" ::: "a2", "memory"); }
