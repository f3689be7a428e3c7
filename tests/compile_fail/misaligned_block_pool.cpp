// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: the block size must be a multiple of the alignment, and more than 1
#include <millpond.h>

millpond::StaticBlockPool<63, 4> pool;
