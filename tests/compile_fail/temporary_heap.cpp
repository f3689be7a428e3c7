// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: deleted
#include <millpond.h>

// The manager keeps a reference: a heap that ends with the full expression would be left dangling.
millpond::StaticMemoryManager<> memory(millpond::Heap{.allocate = nullptr, .release = nullptr});
