// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: the pool is larger than 4 GiB
#include <millpond.h>

extern millpond::StaticBlockPool<std::size_t{1} << 30, 4> pool;
std::size_t size() { return sizeof(pool); }
