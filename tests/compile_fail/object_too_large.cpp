// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: the object is larger than any pool's block
#include <millpond.h>

millpond::StaticMemoryManager<> memory;
struct Large {
  char bytes[20481];
};
const bool made = static_cast<bool>(memory.create<Large>(millpond::PoolId::network, "large"));
