// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: pools, static buffers and side tables need more RAM than available_ram
#include <millpond.h>

constexpr millpond::MemoryConfig withRam(std::size_t bytes) {
  return {.network_block_size = 4096,
          .general_block_size = 4096,
          .alignment = 4096,
          .static_buffer_bytes = 0,
          .available_ram = bytes,
          .total_ram = std::size_t{1} << 30U};
}
// What is missing is in what the object is rounded up by.
constexpr std::size_t needed = millpond::StaticMemoryManager<withRam(1 << 20U)>::totalBytes();
millpond::StaticMemoryManager<withRam(needed - 1)> memory;
