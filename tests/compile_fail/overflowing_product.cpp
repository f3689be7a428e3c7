// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: a pool, which is blocks x block size, must stay below 4 GiB
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{.audio_buffer_pool_size = 1024,
                                                     .audio_block_size = std::size_t{1} << 22}>
    memory;
