// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <zephyr/kernel.h>

#include <cstddef>
#include <cstdint>

/// What the port calls of Zephyr, over the threads of a host. All run at the same time, whatever their
/// priority. A call that the context forbids prints its name and why, and aborts. A thread that the double
/// did not make is one of priority 0.
namespace zephyr_double {

/// Makes the calling thread an interrupt while it exists.
class InterruptScope {
 public:
  InterruptScope();
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;
};

/// Effect: from now on the time is `micros`, and stands still.
void driveMicros(std::uint64_t micros);
/// Effect: returns to the host's clock.
void releaseClock();

/// Whether the calling thread has made one ready under its interrupt lock, and the kernel has had no occasion
/// to switch to it since.
bool switchIsDue();

/// What a thread was created with.
struct Created {
  const char* name;
  int priority;
  const void* stack;
  std::size_t stack_bytes;
  int cpu;
};
/// The last one.
Created lastCreated();

}  // namespace zephyr_double
