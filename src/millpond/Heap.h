// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/port/Port.h"

namespace millpond {

/// The heap behind the pools: the platform's by default, or any other that provides these two calls.
///
/// Each call comes from a task that holds none of Millpond's locks, so `allocate` and `release` may call the
/// memory manager. The two queries must not, because that would change the answer.
struct Heap {
  /// Returns: `bytes` bytes aligned to `alignment`, a power of two of at least 8, or nullptr.
  void* (*allocate)(void* context, std::size_t bytes, std::size_t alignment);
  /// Effect: frees what `allocate` returned for `bytes` bytes.
  void (*release)(void* context, void* memory, std::size_t bytes);
  void* context = nullptr;
  /// Free bytes, and the largest block that can be allocated; nullptr if the heap cannot tell. The first is
  /// called during allocations. The second, which may walk the heap, is called only when a task polls or
  /// reacquires pools.
  std::size_t (*freeBytes)(void* context) = nullptr;
  std::size_t (*largestFreeBlock)(void* context) = nullptr;
  /// As `allocate`, for memory with a capability (internal, DMA, external: the heap defines the numbers);
  /// nullptr if the heap has only one kind of memory: a pool that requests a capability then gets no memory.
  void* (*allocateCapable)(void* context, std::size_t bytes, std::size_t alignment,
                           std::uint32_t capability) = nullptr;

  /// Returns: memory with this capability, or nullptr. 0: any memory. Context: task.
  void* take(std::size_t bytes, std::size_t alignment, std::uint32_t capability) const {
    if (capability == 0) return allocate(context, bytes, alignment);
    return allocateCapable != nullptr ? allocateCapable(context, bytes, alignment, capability) : nullptr;
  }
};

/// The heap of a port, with what it can tell and give beyond the contract: see docs/porting.md.
template <class P>
constexpr Heap heapOf() {
  Heap heap{
      .allocate = [](void*, std::size_t bytes,
                     std::size_t alignment) { return P::heapAllocate(bytes, alignment); },
      .release = [](void*, void* memory, std::size_t bytes) { P::heapRelease(memory, bytes); },
  };
  if constexpr (requires { P::heapFreeBytes(); })
    heap.freeBytes = [](void*) -> std::size_t { return P::heapFreeBytes(); };
  if constexpr (requires { P::heapLargestFreeBlock(); })
    heap.largestFreeBlock = [](void*) -> std::size_t { return P::heapLargestFreeBlock(); };
  if constexpr (requires { P::heapAllocateCapable(0, 0, 0); }) {
    heap.allocateCapable = [](void*, std::size_t bytes, std::size_t alignment, std::uint32_t capability) {
      return P::heapAllocateCapable(bytes, alignment, capability);
    };
  }
  return heap;
}

/// The heap of the port.
inline constexpr Heap platform_heap = heapOf<Port>();

}  // namespace millpond
