// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: a block, and a run of granules, must stay below 16 MiB
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{.network_buffer_pool_size = 1,
                                                     .network_block_size = 1U << 24U}>
    memory;
