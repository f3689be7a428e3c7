// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: pools, static buffers and side tables need more RAM than available_ram
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{.audio_buffer_pool_size = 40, .max_share_percent = 100}>
    memory;
