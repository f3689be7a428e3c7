// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: a granule, general_block_size or the block_size of a pool of runs, must be a power of two
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{.general_block_size = 528}> memory;
