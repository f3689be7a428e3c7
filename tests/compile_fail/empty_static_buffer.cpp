// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: a static buffer has at least one element
#include <millpond.h>

millpond::StaticMemoryManager<> memory;
millpond::StaticBuffer<int, 0> buffer(memory, "none");
