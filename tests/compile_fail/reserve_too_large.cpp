// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: a pool's reserve must be smaller than the pool
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{.audio_reserve = 4}> memory;
