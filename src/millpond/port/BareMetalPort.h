// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/port/InterruptMask.h"
#include "millpond/port/SleepEvent.h"

namespace millpond::port {

/// Provided by the board: microseconds since some start, never falling. Context: any, also with interrupts
/// masked.
std::uint64_t boardMicros();

/// The C library's function, for which the compilers have no builtin. Not aligned_alloc: newlib's version
/// calls posix_memalign, which newlib lacks.
void* memalign(std::size_t alignment, std::size_t bytes) asm("memalign");

/// The common part of the ports for one core without an operating system. `Cpu` has `mask()`, which masks
/// interrupts and returns the argument for `restore()`; `load` and `store`, plain accesses that the compiler
/// may not merge; and `sleep()`, which is called with interrupts masked and ends at an interrupt.
///
/// The board calls `driveTicks()` from a periodic interrupt, at least every 65 ms, and defines `boardMicros`.
template <class Cpu>
class BareMetalPort {
 public:
  using Critical = InterruptMask<Cpu>;
  using Event = SleepEvent<Cpu, boardMicros>;

  /// There is only one task, so there is nothing to exclude; interrupts may not take it. A scheduler needs a
  /// real mutex.
  class TaskMutex {
   public:
    void lock() {}
    void unlock() {}
  };

  /// Cost: one load.
  [[gnu::always_inline]] static std::uint32_t ticks() { return Cpu::load(driven_ticks); }
  static void driveTicks() { Cpu::store(driven_ticks, static_cast<std::uint32_t>(boardMicros() >> 16U)); }
  static std::uint64_t micros() { return boardMicros(); }
  static std::uint32_t taskPriority() { return 0; }

  // The C library's heap, through the compiler's builtins, so that no header of a hosted library is needed.
  // Its malloc aligns to two words.
  static void* heapAllocate(std::size_t bytes, std::size_t alignment) {
    return alignment <= 2 * sizeof(void*) ? __builtin_malloc(bytes) : memalign(alignment, bytes);
  }
  static void heapRelease(void* memory, std::size_t /*bytes*/) { __builtin_free(memory); }

 private:
  static inline constinit std::uint32_t driven_ticks = 0;
};

}  // namespace millpond::port
