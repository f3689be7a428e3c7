// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>

#include "millpond/port/BuildOptions.h"

namespace millpond {

/// The name of the task that took a block, if the build keeps it (CONFIG_MILLPOND_TASK_NAMES): a copy, so
/// that it outlives the task. That takes 16 bytes of the ledger for each block, and the time to copy them at
/// each allocation. Otherwise this is empty: as a member it takes no room.
#if CONFIG_MILLPOND_TASK_NAMES
struct TaskName {
  /// Longer names are cut.
  static constexpr std::size_t max_length = 15;

  /// Returns: the name; "(interrupt)" if an interrupt took the block, "(startup)" if there were no tasks yet.
  /// Valid as long as this object. Context: any.
  const char* text() const { return letters.data(); }
  /// Whether two are the same name. Context: any.
  friend bool operator==(const TaskName&, const TaskName&) = default;

  std::array<char, max_length + 1> letters{};
};
#else
struct TaskName {
  /// Returns: "?". Context: any.
  static const char* text() { return "?"; }
  /// Whether two are the same name. Context: any.
  friend bool operator==(const TaskName&, const TaskName&) = default;
};
#endif

}  // namespace millpond
