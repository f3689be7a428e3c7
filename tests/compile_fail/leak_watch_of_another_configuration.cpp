// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: StaticLeakWatch
#include <millpond.h>

// It would have no place for the larger manager's blocks.
millpond::StaticMemoryManager<millpond::MemoryConfig{.audio_buffer_pool_size = 6}> memory;
millpond::StaticLeakWatch<> watch(memory);
