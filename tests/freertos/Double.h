// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(ESP_PLATFORM)
#include <freertos/FreeRTOS.h>
#include <freertos/task.h>
#else
#include <FreeRTOS.h>
#include <task.h>
#endif

/// FreeRTOS, and what the ports call of ESP-IDF, over the threads of a host. Tasks and interrupts are
/// threads; all run at the same time, whatever their priority. A call that the context forbids prints its
/// name and why, and aborts. A thread that the double did not make is a task of priority 1.
namespace freertos_double {

/// Effect: runs `body` as a task, with the scheduler and the tick interrupt; before and after there is no
/// scheduler. Returns: what `body` returns.
int run(int (*body)());

/// Makes the calling thread an interrupt while it exists.
class InterruptScope {
 public:
  InterruptScope();
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;
};

/// While one exists, the scheduler has not started.
class NotStarted {
 public:
  NotStarted();
  ~NotStarted();
  NotStarted(const NotStarted&) = delete;
  NotStarted& operator=(const NotStarted&) = delete;
};

/// Effect: from now on the time is `micros`, and stands still. Ends a timed wait whose time has come.
void driveMicros(std::uint64_t micros);
/// Effect: returns to the host's clock.
void releaseClock();

/// Effect: sets the priority of the calling thread's task.
void setPriority(UBaseType_t priority);

/// Effect: pins the calling thread's task to `core`.
void setCore(BaseType_t core);

/// What a task was created with.
struct Created {
  const char* name;
  UBaseType_t priority;
  const void* stack;
  std::size_t stack_bytes;
  BaseType_t core;
};
/// The last one.
Created lastCreated();

/// Allocations and releases since the start.
std::size_t heapCalls();
/// Effect: the heap is as heap_4 before its first allocation.
void forgetHeap();
/// Effect: the heap has no free byte, or has again; ESP-IDF's then refuses everything.
void exhaustHeap(bool exhausted);
/// The capability of the last allocation.
std::uint32_t lastCapability();
/// Where the next task's stack may not be: memory that the chip has outside.
void setExternalMemory(const void* begin, std::size_t bytes);
/// Give calls from interrupts that woke a task without a request to yield after them.
std::size_t missedYields();

}  // namespace freertos_double
