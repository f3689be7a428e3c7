// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: with Guards::fenced or full `alignment` must be at most 512, and a granule larger than
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{.general_block_size = 16,
                                                     .guards = millpond::Guards::fenced}>
    memory;
