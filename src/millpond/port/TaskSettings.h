// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace millpond::port {

/// What a task is started with (`Task` in `PortContract.h`).
struct TaskSettings {
  static constexpr std::int32_t any_core = -1;

  /// For the system's lists of tasks, which may cut it. Lives as long as the task.
  const char* name = "";
  /// The task's own until `join` returns. Empty: the system's default stack, where it has one (Linux).
  std::span<std::byte> stack = {};
  /// As `taskPriority()` gives it: a larger value is more urgent. Ignored where there are no priorities.
  std::uint32_t priority = 1;
  /// The core to run on; ignored where there is only one.
  std::int32_t core = any_core;
};

}  // namespace millpond::port
