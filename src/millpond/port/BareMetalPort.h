// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/port/InterruptMask.h"
#include "millpond/port/SleepEvent.h"

namespace millpond::port {

/// The board gives this: microseconds since some start, never falling. Context: any, interrupts masked too.
std::uint64_t boardMicros();

/// The C library's, for which the compilers have no name. Not aligned_alloc: newlib's calls a posix_memalign
/// that it lacks.
void* memalign(std::size_t alignment, std::size_t bytes) asm("memalign");

/// What the ports for one core without an operating system have in common. `Cpu` has `mask()`, which masks
/// interrupts and returns what `restore()` takes; `load` and `store`, plain accesses that the compiler may
/// not merge; and `sleep()`, which is called masked and ends at an interrupt.
///
/// The board calls `driveTicks()` from a periodic interrupt, at least every 65 ms, and defines `boardMicros`.
template <class Cpu>
class BareMetalPort {
 public:
  using Critical = InterruptMask<Cpu>;
  using Event = SleepEvent<Cpu, boardMicros>;

  /// There is one task, so nobody to keep out; interrupts may not take it. A scheduler needs a real one.
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

  // The C library's heap, by the compiler's names for it: no header of a hosted library is needed. Its
  // malloc aligns to two words.
  static void* heapAllocate(std::size_t bytes, std::size_t alignment) {
    return alignment <= 2 * sizeof(void*) ? __builtin_malloc(bytes) : memalign(alignment, bytes);
  }
  static void heapRelease(void* memory, std::size_t /*bytes*/) { __builtin_free(memory); }

 private:
  static inline constinit std::uint32_t driven_ticks = 0;
};

}  // namespace millpond::port
