// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "millpond/port/FreeRtosScheduler.h"

namespace millpond::port {

/// A mutex of FreeRTOS, with priority inheritance. Before the scheduler starts there are no tasks to exclude,
/// and the kernel must not be asked: it does nothing then. Context: task.
class FreeRtosMutex {
 public:
  FreeRtosMutex() : handle_(xSemaphoreCreateMutexStatic(&storage_)) {}
  ~FreeRtosMutex() { vSemaphoreDelete(handle_); }
  FreeRtosMutex(const FreeRtosMutex&) = delete;
  FreeRtosMutex& operator=(const FreeRtosMutex&) = delete;

  void lock() {
    while (FreeRtosScheduler::started() && xSemaphoreTake(handle_, portMAX_DELAY) != pdTRUE) continue;
  }
  void unlock() {
    if (FreeRtosScheduler::started()) xSemaphoreGive(handle_);
  }

 private:
  StaticSemaphore_t storage_;
  SemaphoreHandle_t handle_;
};

}  // namespace millpond::port
