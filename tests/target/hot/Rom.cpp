// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What the compiler calls of the C library, where an interrupt may run it: an ESP32 has it in ROM.
#include <cstddef>

// Else the compiler sees what these are, and calls them.
#define MILLPOND_ROM MILLPOND_HOT __attribute__((optimize("no-tree-loop-distribute-patterns")))

extern "C" {

MILLPOND_ROM void* memcpy(void* to, const void* from, std::size_t bytes) {
  auto* out = static_cast<unsigned char*>(to);
  const auto* in = static_cast<const unsigned char*>(from);
  while (bytes-- > 0) *out++ = *in++;
  return to;
}

MILLPOND_ROM void* memset(void* to, int byte, std::size_t bytes) {
  auto* out = static_cast<unsigned char*>(to);
  while (bytes-- > 0) *out++ = static_cast<unsigned char>(byte);
  return to;
}
}
