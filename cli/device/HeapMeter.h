// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

/// Counts the calls of selected threads to the platform's heap. It replaces malloc and its kin in the
/// executable, so that it sees every call from any library. Under a sanitizer it hooks the sanitizer's
/// allocator instead.
namespace millpond::cli::heap_meter {

/// Effect: installs the hooks, once. Before that, nothing is counted under a sanitizer.
void install();

/// Effect: turns the counting of the calling thread's calls on or off.
void countThisThread(bool counted);

/// Calls of counted threads so far: each allocation, reallocation, and free of memory.
std::uint64_t calls();

}  // namespace millpond::cli::heap_meter
