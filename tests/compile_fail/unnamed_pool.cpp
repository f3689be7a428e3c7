// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: every pool in `more` needs a name
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{.more = {{{.blocks = 1, .block_size = 16}}}}> memory;
