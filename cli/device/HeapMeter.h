// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

/// Counts the calls that chosen threads make to the platform's heap. It takes the place of malloc and its kin
/// in the executable it is linked into, so that every call is seen, whichever library makes it; under a
/// sanitizer it listens to the sanitizer's allocator instead.
namespace millpond::cli::heap_meter {

/// Effect: makes ready, once; before it, nothing is counted under a sanitizer.
void install();

/// Effect: the calling thread's calls count from now on, or no more.
void countThisThread(bool counted);

/// Calls of counted threads so far: every allocation, every change of size, every free of memory.
std::uint64_t calls();

}  // namespace millpond::cli::heap_meter
