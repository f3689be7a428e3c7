// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: pools, static buffers and side tables need more RAM than available_ram
#include <millpond.h>

// A sum that wraps is no small sum.
millpond::StaticMemoryManager<millpond::MemoryConfig{.static_buffer_bytes = SIZE_MAX - 1000}> memory;
