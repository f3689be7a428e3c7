// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// QEMU's `virt` machine under the kernel, which has the core's timer: the tests' interrupt is the alarm of
// the real-time clock, which counts nanoseconds of the emulator's time (emulate).
#include "KernelBoard.h"
#include "board/Board.h"
#include "board/Console.h"
#include "board/Registers.h"
#include "millpond/port/FreeRtosPort.h"

using board::word;
using millpond::port::FreeRtosPort;

namespace {

constexpr std::uintptr_t test_finisher = 0x100000;
constexpr std::uintptr_t uart = 0x10000000;

constexpr std::uintptr_t clock_low = 0x101000;
constexpr std::uintptr_t clock_high = 0x101004;
constexpr std::uintptr_t alarm_low = 0x101008;  // sets the alarm
constexpr std::uintptr_t alarm_high = 0x10100C;
constexpr std::uintptr_t alarm_enable = 0x101010;
constexpr std::uintptr_t alarm_clear = 0x101014;
constexpr std::uintptr_t alarm_pending_until = 0x101018;  // 1 while it is set and has not come
constexpr std::uintptr_t alarm_acknowledge = 0x10101C;

constexpr std::uint32_t clock_interrupt = 11;
constexpr std::uintptr_t interrupt_priority = 0x0C000000 + 4 * clock_interrupt;
constexpr std::uintptr_t interrupt_enable = 0x0C002000;
constexpr std::uintptr_t interrupt_claim = 0x0C200004;
constexpr std::uint32_t external_interrupt = 0x8000000B;

void (*volatile timer_handler)() = nullptr;

// Reading the low half keeps the high one; the loop serves an emulator that does not.
std::uint64_t now() {
  while (true) {
    const std::uint32_t low = word(clock_low);
    const std::uint32_t high = word(clock_high);
    if (word(clock_low) >= low) return std::uint64_t{high} << 32U | low;
  }
}

}  // namespace

extern "C" void freertos_risc_v_application_interrupt_handler(std::uint32_t cause) {
  if (cause != external_interrupt) {
    console::print("interrupt: ", console::Hex{cause}, "\n");
    board::exit(false);
  }
  const FreeRtosPort::InterruptScope scope;
  const std::uint32_t claimed = word(interrupt_claim);
  word(alarm_acknowledge) = 1;
  // One that came while interrupts were masked may be told of after the next alarm is set.
  const bool stale = word(alarm_pending_until) != 0;
  if (!stale && timer_handler != nullptr) timer_handler();
  word(interrupt_claim) = claimed;
}

extern "C" void freertos_risc_v_application_exception_handler(std::uint32_t cause) {
  std::uint32_t pc = 0;
  asm volatile("csrr %0, mepc" : "=r"(pc));
  console::print("fault: exception ", console::Hex{cause}, " at ", console::Hex{pc}, "\n");
  board::exit(false);
}

void board::write(const char* text, std::size_t length) {
  for (std::size_t i = 0; i < length; ++i) *reinterpret_cast<volatile char*>(uart) = text[i];
}

void board::exit(bool passed) {
  word(test_finisher) = passed ? 0x5555 : 0x13333;
  while (true) millpond::port::RiscvCpu::sleep();
}

void board::setTimerHandler(void (*handler)()) { timer_handler = handler; }

void board::interruptAfter(std::uint32_t instructions) {
  const FreeRtosPort::Critical mask;
  const std::uint64_t at = now() + std::uint64_t{instructions} * board::ns_per_instruction;
  word(alarm_high) = static_cast<std::uint32_t>(at >> 32U);
  word(alarm_low) = static_cast<std::uint32_t>(at);
}

void board::stopTimer() {
  word(alarm_clear) = 1;
  word(alarm_acknowledge) = 1;
}

// The kernel enables the core's interrupts when it starts.
void board::setUpKernelBoard() {
  word(clock_high) = 0;
  word(clock_low) = 0;
  word(alarm_enable) = 1;
  word(interrupt_priority) = 1;
  word(interrupt_enable) = 1U << clock_interrupt;
}
