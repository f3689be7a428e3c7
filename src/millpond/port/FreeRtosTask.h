// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// The port that includes this has included the kernel's headers before.
#include <cstddef>

#include "millpond/port/AlignedStack.h"
#include "millpond/port/TaskSettings.h"

namespace millpond::port {

/// A task of FreeRTOS that takes nothing from the heap: its control block is in this object, its stack in the
/// settings. `Port::createTask` makes it.
///
/// `start` returns false for a stack that is empty, in memory that the kernel cannot use, or smaller than
/// `least_stack` bytes beside its alignment; for a priority from `configMAX_PRIORITIES`; for a core that the
/// chip lacks; for a task that has not been joined.
template <class Port>
class FreeRtosTask {
 public:
  static constexpr std::size_t stack_alignment = 16;
  static constexpr std::size_t least_stack = configMINIMAL_STACK_SIZE * sizeof(StackType_t);

  FreeRtosTask() = default;
  FreeRtosTask(const FreeRtosTask&) = delete;
  FreeRtosTask& operator=(const FreeRtosTask&) = delete;
  ~FreeRtosTask() { join(); }

  bool start(const TaskSettings& settings, void (*run)(void*), void* argument) {
    if (handle_ != nullptr || settings.priority >= configMAX_PRIORITIES) return false;
    TaskSettings aligned = settings;
    aligned.stack = alignedStack(settings.stack, stack_alignment);
    if (aligned.stack.size() < least_stack) return false;
    run_ = run;
    argument_ = argument;
    ended_ = xSemaphoreCreateBinaryStatic(&ended_storage_);
    handle_ = Port::createTask(aligned, &FreeRtosTask::begin, this, control_block_);
    if (handle_ == nullptr) vSemaphoreDelete(ended_);
    return handle_ != nullptr;
  }

  /// The task suspends itself at its end. It still runs until the kernel has switched to another one, so its
  /// stack and its control block are its own until then.
  void join() {
    if (handle_ == nullptr) return;
    while (xSemaphoreTake(ended_, portMAX_DELAY) != pdTRUE) continue;
    while (eTaskGetState(handle_) != eSuspended) vTaskDelay(1);
    vTaskDelete(handle_);
    vSemaphoreDelete(ended_);
    handle_ = nullptr;
  }

 private:
  static void begin(void* self) {
    const FreeRtosTask& task = *static_cast<const FreeRtosTask*>(self);
    task.run_(task.argument_);
    xSemaphoreGive(task.ended_);
    while (true) vTaskSuspend(nullptr);
  }

  void (*run_)(void*) = nullptr;
  void* argument_ = nullptr;
  TaskHandle_t handle_ = nullptr;
  SemaphoreHandle_t ended_ = nullptr;
  StaticSemaphore_t ended_storage_;
  StaticTask_t control_block_;
};

}  // namespace millpond::port
