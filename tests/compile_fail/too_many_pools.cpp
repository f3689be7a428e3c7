// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: initializer
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{
    .more = {{{.name = "a"}, {.name = "b"}, {.name = "c"}, {.name = "d"}, {.name = "e"}, {.name = "f"}}}}>
    memory;
