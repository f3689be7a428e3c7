// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: two pools have the same name
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{
    .more = {{{.name = "a", .blocks = 1, .block_size = 16}, {.name = "a", .blocks = 1, .block_size = 16}}}}>
    memory;
