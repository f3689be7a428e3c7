// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: every block size must be a positive multiple of `alignment`, a power of two
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{.audio_block_size = 4100}> memory;
