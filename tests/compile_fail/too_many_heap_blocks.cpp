// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: max_heap_blocks must be from 1 to 32
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{.max_heap_blocks = 33}> memory;
