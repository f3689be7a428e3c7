// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

/// Counts how often the streamer's tasks ask the heap, by the platform's own hooks (CONFIG_HEAP_USE_HOOKS).
/// It should stay 0.
namespace heap_count {

/// Effect: the calling task is counted from now on, or no longer. For `Streamer::Config::on_streaming`.
void countThisTask(bool counted);

/// Calls so far.
std::uint32_t calls();

}  // namespace heap_count
