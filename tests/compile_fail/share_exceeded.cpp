// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: pools, static buffers and side tables take more than max_share_percent of total_ram
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{.max_share_percent = 14}> memory;
