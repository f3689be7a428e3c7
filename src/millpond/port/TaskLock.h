// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "millpond/port/Port.h"

namespace millpond::port {

/// Keeps other tasks out of `mutex` while it exists. Context: task.
class TaskLock {
 public:
  explicit TaskLock(Port::TaskMutex& mutex) : mutex_(mutex) { mutex_.lock(); }
  ~TaskLock() { mutex_.unlock(); }
  TaskLock(const TaskLock&) = delete;
  TaskLock& operator=(const TaskLock&) = delete;

 private:
  Port::TaskMutex& mutex_;
};

}  // namespace millpond::port
