// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// The port that includes this has included the kernel's headers before.
#include <cstdint>
#include <type_traits>

#include "millpond/Hot.h"
#include "millpond/port/FreeRtosTime.h"

namespace millpond::port {

// Both kinds of event notify by the call that the context asks for. Within a Critical the kernel only marks
// the task as ready, and switches to it when the Critical ends; the kernel for RISC-V switches at once, so
// nothing may follow a notification within a Critical.

/// An `Event` that is a binary semaphore, in the event itself. `Port` has the clock and tells the context.
template <class Port>
class FreeRtosSemaphoreEvent {
 public:
  FreeRtosSemaphoreEvent() : handle_(xSemaphoreCreateBinaryStatic(&storage_)) {}
  ~FreeRtosSemaphoreEvent() { vSemaphoreDelete(handle_); }
  FreeRtosSemaphoreEvent(const FreeRtosSemaphoreEvent&) = delete;
  FreeRtosSemaphoreEvent& operator=(const FreeRtosSemaphoreEvent&) = delete;

  bool wait(std::uint64_t deadline_us) {
    while (true) {
      const TickType_t left = FreeRtosTime::until(deadline_us, Port::micros());
      if (xSemaphoreTake(handle_, left) == pdTRUE) return true;
      if (left == 0) return false;
    }
  }

  [[gnu::always_inline]] void notify() {
    if (Port::inInterrupt()) {
      BaseType_t woken = pdFALSE;
      xSemaphoreGiveFromISR(handle_, &woken);
      portYIELD_FROM_ISR(woken);
    } else {
      xSemaphoreGive(handle_);
    }
  }

 private:
  StaticSemaphore_t storage_;
  SemaphoreHandle_t handle_;
};

/// An `Event` of a few bytes: the waiting task's notification with index `index`, which nobody else may use.
template <class Port, int index>
class FreeRtosNotificationEvent {
  static_assert(index >= 1 && index < configTASK_NOTIFICATION_ARRAY_ENTRIES,
                "Millpond: the notification index must be from 1, since 0 is the application's, and below "
                "configTASK_NOTIFICATION_ARRAY_ENTRIES");

 public:
  FreeRtosNotificationEvent() = default;
  FreeRtosNotificationEvent(const FreeRtosNotificationEvent&) = delete;
  FreeRtosNotificationEvent& operator=(const FreeRtosNotificationEvent&) = delete;

  bool wait(std::uint64_t deadline_us) {
    task_.update([](void*) -> void* { return xTaskGetCurrentTaskHandle(); });
    bool notified = takeFlag();
    while (!notified) {
      const TickType_t left = FreeRtosTime::until(deadline_us, Port::micros());
      if (left == 0) break;
      // Another event's late notification may end it early.
      ulTaskNotifyTakeIndexed(index, pdTRUE, left);
      notified = takeFlag();
    }
    const typename Port::Critical critical;  // a caller that found the task has finished with it
    task_.store(nullptr);
    return notified || takeFlag();
  }

  [[gnu::always_inline]] void notify() {
    const typename Port::Critical critical;
    flag_.update([](std::uint32_t) MILLPOND_INLINED { return 1U; });
    const auto task = static_cast<TaskHandle_t>(task_.loadOrdered());
    if (task == nullptr) return;
    if (Port::inInterrupt()) {
      BaseType_t woken = pdFALSE;
      vTaskNotifyGiveIndexedFromISR(task, index, &woken);
      portYIELD_FROM_ISR(woken);
    } else {
      xTaskNotifyGiveIndexed(task, index);
    }
  }

 private:
  bool takeFlag() {
    return flag_.update([](std::uint32_t) { return 0U; }) != 0;
  }

  typename Port::template Atomic<std::uint32_t> flag_;
  typename Port::template Atomic<void*> task_;  // the task that waits, if any
};

/// -1 chooses the semaphore.
template <class Port, int notification_index>
using FreeRtosEvent = typename std::conditional_t<
    notification_index == -1, std::type_identity<FreeRtosSemaphoreEvent<Port>>,
    std::type_identity<FreeRtosNotificationEvent<Port, notification_index>>>::type;

}  // namespace millpond::port
