// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: deleted
#include <millpond.h>

millpond::StaticBlockPool<64, 4> pool;
millpond::StaticBlockPool<64, 4> second = pool;
