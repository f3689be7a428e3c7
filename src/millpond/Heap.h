// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>

#include "millpond/port/Port.h"

namespace millpond {

/// The heap that lies behind the pools: the platform's by default, or any other that gives these two calls.
struct Heap {
  /// Returns: memory aligned for any type, or nullptr. Called from tasks only.
  void* (*allocate)(void* context, std::size_t bytes);
  void (*release)(void* context, void* memory);
  void* context = nullptr;
  /// Free bytes, and the largest block that can be had; nullptr where the heap cannot say. Called from tasks.
  std::size_t (*freeBytes)(void* context) = nullptr;
  std::size_t (*largestFreeBlock)(void* context) = nullptr;
};

/// The heap of the port.
inline constexpr Heap platform_heap{
    .allocate = [](void*, std::size_t bytes) { return Port::heapAllocate(bytes); },
    .release = [](void*, void* memory) { Port::heapRelease(memory); },
};

}  // namespace millpond
