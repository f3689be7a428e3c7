// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: pools, static buffers and side tables need more RAM than available_ram
#include <millpond.h>

// The blocks and the static buffers alone would fit to the byte: it is the side tables that do not.
millpond::StaticMemoryManager<millpond::MemoryConfig{.available_ram = 77824}> memory;
