// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: two pools are placed in one array
#include <millpond.h>

alignas(16) static std::byte array[64];
millpond::StaticMemoryManager<millpond::MemoryConfig{
    .more = {{{.name = "a", .blocks = 2, .block_size = 32, .place = millpond::Place::in(array)},
              {.name = "b", .blocks = 2, .block_size = 32, .place = millpond::Place::in(array)}}}}>
    memory;
