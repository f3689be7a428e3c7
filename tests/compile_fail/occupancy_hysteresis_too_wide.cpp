// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: a pressure hysteresis must not be wider than warning and critical are apart, and
#include <millpond.h>

// Once at warning it would stay there for ever: the pools cannot be less than empty.
millpond::StaticMemoryManager<millpond::MemoryConfig{
    .occupancy = {.warning = 5, .critical = 100, .hysteresis = 40}}>
    memory;
