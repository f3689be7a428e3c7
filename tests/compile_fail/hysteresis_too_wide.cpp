// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: a pressure hysteresis must not be wider than warning and critical are apart
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{
    .free_heap = {.warning = 40000, .critical = 20000, .hysteresis = 20001}}>
    memory;
