// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "millpond/Hot.h"
#include "millpond/TaskName.h"
#include "millpond/port/Port.h"

namespace millpond {

#if CONFIG_MILLPOND_TASK_NAMES
/// A port that tells the name of the calling task. Context: task, also before the scheduler starts.
template <class P>
concept PortWithTaskNames = requires {
  { P::taskName() } -> std::same_as<const char*>;
};
static_assert(
    PortWithTaskNames<Port>,
    "Millpond: CONFIG_MILLPOND_TASK_NAMES needs a port with taskName(), as for FreeRTOS and ESP-IDF");

MILLPOND_HOT_DATA inline constexpr std::array task_is_interrupt{'(', 'i', 'n', 't', 'e', 'r',
                                                                'r', 'u', 'p', 't', ')', '\0'};

/// A block's `TaskName` in words, which others may read while it is written.
class TaskTag {
 public:
  /// Effect: copies the name of the calling task. Requires: the caller owns the block. Context: any.
  MILLPOND_HOT void set() {
    const char* name = Port::inInterrupt() ? task_is_interrupt.data() : Port::taskName();
    std::size_t left = TaskName::max_length;
    for (Word& word : words_) {
      std::uint32_t letters = 0;
      for (unsigned shift = 0; shift != 32 && left != 0 && *name != '\0'; shift += 8, --left)
        letters |= std::uint32_t{static_cast<unsigned char>(*name++)} << shift;
      word.store(letters);
    }
  }

  /// Returns: the name that was set last; a mixture while one is set. Context: any.
  TaskName get() const {
    TaskName name;
    for (std::size_t at = 0; at < TaskName::max_length; ++at)
      name.letters[at] = static_cast<char>(words_[at / 4].load() >> at % 4 * 8);
    return name;
  }

 private:
  std::array<Word, 4> words_;
};
#else
/// No name is kept.
struct TaskTag {
  MILLPOND_INLINE void set() {}
  static TaskName get() { return {}; }
};
#endif

}  // namespace millpond
