// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: an array is smaller than the pool that is placed in it
#include <millpond.h>

alignas(16) static std::byte small[63];
millpond::StaticMemoryManager<millpond::MemoryConfig{
    .more = {{{.name = "a", .blocks = 2, .block_size = 32, .place = millpond::Place::in(small)}}}}>
    memory;
