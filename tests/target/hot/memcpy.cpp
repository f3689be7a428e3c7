// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// The C library's, where an interrupt may run it: an ESP32 has it in ROM.
#include <cstddef>

extern "C" {

// Else the compiler sees what this is, and calls memcpy.
MILLPOND_HOT __attribute__((optimize("no-tree-loop-distribute-patterns"))) void* memcpy(void* to,
                                                                                        const void* from,
                                                                                        std::size_t bytes) {
  auto* out = static_cast<unsigned char*>(to);
  const auto* in = static_cast<const unsigned char*>(from);
  while (bytes-- > 0) *out++ = *in++;
  return to;
}
}
