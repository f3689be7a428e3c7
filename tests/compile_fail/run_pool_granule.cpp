// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: the granule size must be a power of two and a multiple of the alignment
#include <millpond.h>

millpond::StaticRunPool<48, 4> pool;
