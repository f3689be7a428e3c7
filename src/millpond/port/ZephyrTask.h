// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <zephyr/kernel.h>

#include <cstddef>
#include <cstdint>

#include "millpond/port/AlignedStack.h"
#include "millpond/port/TaskSettings.h"

namespace millpond::port {

/// A thread of Zephyr that takes nothing from the heap: its `k_thread` is in this object, its stack in the
/// settings. It runs in supervisor mode.
///
/// `start` returns false for a stack smaller than `least_stack` bytes beside its alignment; for priority 0,
/// which is the idle thread's, and one above `most_urgent`; for a core that the chip lacks, or any of several
/// cores without `CONFIG_SCHED_CPU_MASK`; for a thread that has not been joined.
class ZephyrTask {
 public:
  static constexpr std::size_t stack_alignment = Z_KERNEL_STACK_OBJ_ALIGN;
  static constexpr std::size_t least_stack = K_KERNEL_STACK_RESERVED + CONFIG_IDLE_STACK_SIZE;
  static constexpr std::uint32_t most_urgent = K_LOWEST_THREAD_PRIO - (K_HIGHEST_THREAD_PRIO);

  /// `taskPriority()` as Zephyr counts, where a smaller value is more urgent, and the other way round.
  static constexpr int priorityOf(std::uint32_t urgency) {
    return K_LOWEST_THREAD_PRIO - static_cast<int>(urgency);
  }
  static constexpr std::uint32_t urgencyOf(int priority) {
    return static_cast<std::uint32_t>(K_LOWEST_THREAD_PRIO - priority);
  }

  ZephyrTask() = default;
  ZephyrTask(const ZephyrTask&) = delete;
  ZephyrTask& operator=(const ZephyrTask&) = delete;
  ~ZephyrTask() { join(); }

  bool start(const TaskSettings& settings, void (*run)(void*), void* argument) {
    if (started_ || settings.priority == 0 || settings.priority > most_urgent) return false;
    const std::span<std::byte> stack = alignedStack(settings.stack, stack_alignment);
    if (stack.size() < least_stack || !hasCore(settings.core)) return false;
    run_ = run;
    argument_ = argument;
    const k_tid_t thread = k_thread_create(&thread_, reinterpret_cast<k_thread_stack_t*>(stack.data()),
                                           stack.size() - K_KERNEL_STACK_RESERVED, &ZephyrTask::begin, this,
                                           nullptr, nullptr, priorityOf(settings.priority), 0, K_FOREVER);
    k_thread_name_set(thread, settings.name);
#if defined(CONFIG_SCHED_CPU_MASK)
    if (settings.core != TaskSettings::any_core) k_thread_cpu_pin(thread, settings.core);
#endif
    k_thread_start(thread);
    started_ = true;
    return true;
  }

  void join() {
    if (started_) k_thread_join(&thread_, K_FOREVER);
    started_ = false;
  }

 private:
  static void begin(void* self, void* /*unused*/, void* /*unused*/) {
    const ZephyrTask& task = *static_cast<const ZephyrTask*>(self);
    task.run_(task.argument_);
  }

  static constexpr bool hasCore([[maybe_unused]] std::int32_t core) {
#if defined(CONFIG_SMP) && defined(CONFIG_SCHED_CPU_MASK)
    return core >= TaskSettings::any_core && core < CONFIG_MP_MAX_NUM_CPUS;
#elif defined(CONFIG_SMP)
    return core == TaskSettings::any_core;
#else
    return true;
#endif
  }

  bool started_ = false;
  void (*run_)(void*) = nullptr;
  void* argument_ = nullptr;
  k_thread thread_;
};

}  // namespace millpond::port
