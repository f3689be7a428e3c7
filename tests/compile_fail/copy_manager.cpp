// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: deleted
#include <millpond.h>

millpond::StaticMemoryManager<> memory;
millpond::StaticMemoryManager<> second = memory;
