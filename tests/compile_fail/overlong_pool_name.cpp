// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: a pool's name has at most 15 characters
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{
    .more = {{{.name = "sixteen letters!", .blocks = 1, .block_size = 16}}}}>
    memory;
