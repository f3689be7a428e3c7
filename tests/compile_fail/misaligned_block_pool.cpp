// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: the block size must be a positive multiple of the alignment
#include <millpond.h>

millpond::StaticBlockPool<63, 4> pool;
