// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: a pool has from 1 to 1024 blocks
#include <millpond.h>

millpond::StaticBlockPool<64, 0> pool;
