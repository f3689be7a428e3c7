// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

/// What each board under QEMU gives: a console, an end, a timer interrupt, a count of instructions.
/// All but Linux run with `-icount shift=10`: an instruction is 1024 ns, which is more than a step of any of
/// their timers, so that the timer can be aimed at a single instruction.
namespace board {

void write(const char* text, std::size_t length);

/// Effect: ends the emulator, with exit status 0 where `passed`.
[[noreturn]] void exit(bool passed);

/// Effect: `handler` is called by the timer interrupt from now on; nullptr: nothing is.
void setTimerHandler(void (*handler)());

/// Effect: one timer interrupt, `instructions` after the write to the timer. Context: any.
void interruptAfter(std::uint32_t instructions);

/// Effect: no timer interrupt until the next `interruptAfter`.
void stopTimer();

/// Effect: lets that much time pass, which drives the ticks as a board's interrupt does.
void letPass(std::uint64_t micros);

/// A function that takes up to three words, and its arguments: what `timedCall` calls.
struct Call {
  std::uintptr_t function;
  std::uintptr_t arguments[3];
};

/// What a call returned, and the steps of the board's clock from just before it to just after.
struct CallResult {
  std::uintptr_t value;
  std::uint32_t steps;
};

/// Effect: makes the call with interrupts masked.
CallResult timedCall(const Call& call);

/// Nanoseconds of virtual time to a step of the clock that `timedCall` reads.
extern const std::uint32_t ns_per_step;
/// And to an instruction.
inline constexpr std::uint32_t ns_per_instruction = 1024;

/// An image's own code; ends the emulator with success where it returns 0.
extern "C" int firmwareMain();

/// The ends of the memory that the C library's heap grows in.
extern "C" char __heap_start[];
extern "C" char __heap_end[];
/// The end of the stack, where it begins. In the word above is what `emulate` was given as a number, or 0.
extern "C" char __stack_top[];

}  // namespace board
