// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: max_heap_allocation must stay below 16 MiB
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{.max_heap_allocation = std::size_t{1} << 32}> memory;
