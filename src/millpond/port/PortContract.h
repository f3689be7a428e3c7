// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "millpond/port/TaskSettings.h"

namespace millpond::port {

// clang-format 14 cannot lay out concepts.
// clang-format off

/// A word that threads, cores and interrupts share. See `StdAtomic` for the meaning of each member.
template <class A, class T>
concept AtomicWord = requires(A word, const A constant, T value) {
  { constant.load() } -> std::same_as<T>;
  { constant.loadOrdered() } -> std::same_as<T>;
  { word.store(value) } -> std::same_as<void>;
  { word.storeOrdered(value) } -> std::same_as<void>;
  { word.compareExchange(value, value) } -> std::same_as<bool>;
  { word.update([](T seen) { return seen; }) } -> std::same_as<T>;
};

/// As `AtomicWord`, with operations on sets of bits.
template <class A, class T>
concept AtomicBits = AtomicWord<A, T> && requires(A word, T mask) {
  { word.setBits(mask) } -> std::same_as<T>;
  { word.clearBits(mask) } -> std::same_as<T>;
};

/// What a platform provides to the library, all as members of one type. Some tests need more:
/// docs/porting.md.
template <class P>
concept PortContract = requires(std::size_t bytes, std::size_t alignment, void* memory, std::uint64_t deadline_us,
                                typename P::Critical critical, typename P::TaskMutex mutex,
                                typename P::Event event) {
  requires AtomicBits<typename P::template Atomic<std::uint32_t>, std::uint32_t>;
  requires AtomicWord<typename P::template Atomic<const char*>, const char*>;
  requires AtomicWord<typename P::template Atomic<void*>, void*>;
  /// Time since some start in ticks of 65.536 ms (microseconds >> 16), modulo 2^32. Any context.
  { P::ticks() } -> std::same_as<std::uint32_t>;
  /// Time since some start in microseconds. Any context.
  { P::micros() } -> std::same_as<std::uint64_t>;
  /// Whether the caller is an interrupt. Any context.
  { P::inInterrupt() } -> std::same_as<bool>;
  /// The urgency of the calling task: a larger value is more urgent, 0 if there are no priorities. Task
  /// context.
  { P::taskPriority() } -> std::same_as<std::uint32_t>;
  /// The platform's heap: `bytes` bytes aligned to `alignment`, a power of two of at least 8, or nullptr. A
  /// release passes the same number of bytes. Task context.
  { P::heapAllocate(bytes, alignment) } -> std::same_as<void*>;
  { P::heapRelease(memory, bytes) } -> std::same_as<void>;
  /// `Critical`: while one exists, no interrupt and no other core is inside one. Nests. Any context. An
  /// interrupt that comes while a task of the same core holds one must not wait for it, so `Critical` masks
  /// interrupts before it takes a lock.
  requires std::default_initializable<typename P::Critical> && !std::copyable<typename P::Critical>;
  /// `TaskMutex`: excludes tasks from each other. Task context.
  { mutex.lock() } -> std::same_as<void>;
  { mutex.unlock() } -> std::same_as<void>;
  /// `Event`: waits until notified (true), or until `micros()` reaches the deadline (false; UINT64_MAX:
  /// never). A notification before the wait is kept, but only one. wait: task context, one task at a time;
  /// notify: any, also within a `Critical`, so it must not block. A kernel may switch tasks in it, so nothing
  /// follows it in that `Critical`. The library's waiter constructs an event on its stack for each request and
  /// destroys it afterwards, when no `notify` runs; the streamer's live as long as it, and another task than the
  /// one that waits makes them. The destructor gives back all system resources that the event took.
  { event.wait(deadline_us) } -> std::same_as<bool>;
  { event.notify() } -> std::same_as<void>;
};

/// What the streamer asks beyond that; the library itself starts no task.
template <class P>
concept PortWithTasks = PortContract<P> && requires(typename P::Task task, const TaskSettings& settings,
                                                    void (*run)(void*), void* argument) {
  /// `Task`: runs `run(argument)` beside its caller, on the stack of the settings. `start` returns false
  /// if the system refuses: no stack, or one that is too small; and for a task that was not joined.
  /// `join` waits for the end of `run` and gives back all system resources; it does nothing for a task
  /// that was not started. After it `start` may follow again. The destructor joins. Neither copied nor
  /// moved. Context: tasks, once the scheduler runs.
  requires std::default_initializable<typename P::Task> && !std::movable<typename P::Task>;
  { task.start(settings, run, argument) } -> std::same_as<bool>;
  { task.join() } -> std::same_as<void>;
};

// clang-format on

}  // namespace millpond::port
