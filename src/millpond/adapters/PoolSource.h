// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <new>

#include "millpond/MemoryManager.h"

namespace millpond {

/// Where a container of the standard library takes its memory: see `MemoryResource` and `PoolAllocator`.
///
/// A container cannot handle nullptr. So a request that gets no memory throws `std::bad_alloc`; in a build
/// without exceptions it ends the program with a trap, at the container's call. A program that must go on
/// checks `MemoryManager::freeIn` first, or calls `MemoryManager::allocate` itself.
struct PoolSource {
  MemoryManager& memory;
  PoolId pool;
  /// See `MemoryManager`.
  const char* source;
  /// Whether the heap fallback serves what the pool cannot.
  bool heap = false;

  /// Returns: `bytes` bytes, aligned to `alignment`; never nullptr. An alignment beyond
  /// `MemoryConfig::alignment` gets none, even if a block happens to be so aligned; that is not counted. A
  /// request of no bytes gets a block of its own. Cost: as `MemoryManager::allocate`. Context: task.
  void* allocate(std::size_t bytes, std::size_t alignment) const {
    const std::size_t size = bytes != 0 ? bytes : 1;
    void* const block = alignment > memory.alignment() ? nullptr
                        : heap                         ? memory.allocate(pool, size, source)
                                                       : memory.allocatePoolOnly(pool, size, source);
    if (block == nullptr) refuse();
    return block;
  }

  /// Effect: ends a request that gets no memory: throws, or traps in a build without exceptions.
  [[noreturn]] static void refuse() {
#if defined(__cpp_exceptions)
    throw std::bad_alloc();
#else
    __builtin_trap();
#endif
  }
};

}  // namespace millpond
