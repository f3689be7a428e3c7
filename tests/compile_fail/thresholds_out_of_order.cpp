// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: pressure thresholds are out of order
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{
    .free_heap = {.warning = 20000, .critical = 40000, .hysteresis = 0}}>
    memory;
