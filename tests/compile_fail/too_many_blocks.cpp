// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: a pool has at most 1024 blocks
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{.audio_buffer_pool_size = 1025}> memory;
