// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: every pool needs at least one block
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{.network_buffer_pool_size = 0}> memory;
