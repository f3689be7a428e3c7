// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/port/Port.h"

namespace millpond {

/// The heap that lies behind the pools: the platform's by default, or any other that gives these two calls.
///
/// Each call comes from a task, and with none of Millpond's locks held, so `allocate` and `release` may call
/// the memory manager. The two questions may not, because the answer would be another one by then.
struct Heap {
  /// Returns: `bytes` bytes aligned to `alignment`, a power of two from 8, or nullptr.
  void* (*allocate)(void* context, std::size_t bytes, std::size_t alignment);
  /// Effect: takes back what `allocate` returned for `bytes` bytes.
  void (*release)(void* context, void* memory, std::size_t bytes);
  void* context = nullptr;
  /// Free bytes, and the largest block that can be had; nullptr where the heap cannot say. The first is asked
  /// for within allocations, the second, which may be a walk through the heap, only where a task polls or
  /// takes pools again.
  std::size_t (*freeBytes)(void* context) = nullptr;
  std::size_t (*largestFreeBlock)(void* context) = nullptr;
  /// As `allocate`, of memory with a capability (internal, DMA, external: the heap says which number is
  /// which); nullptr if the heap has memory of one kind only: then a pool that asks for one gets none.
  void* (*allocateCapable)(void* context, std::size_t bytes, std::size_t alignment,
                           std::uint32_t capability) = nullptr;

  /// Effect: the call for this capability, of which 0 is none in particular.
  void* take(std::size_t bytes, std::size_t alignment, std::uint32_t capability) const {
    if (capability == 0) return allocate(context, bytes, alignment);
    return allocateCapable != nullptr ? allocateCapable(context, bytes, alignment, capability) : nullptr;
  }
};

/// The heap of the port.
inline constexpr Heap platform_heap{
    .allocate = [](void*, std::size_t bytes,
                   std::size_t alignment) { return Port::heapAllocate(bytes, alignment); },
    .release = [](void*, void* memory, std::size_t bytes) { Port::heapRelease(memory, bytes); },
};

}  // namespace millpond
