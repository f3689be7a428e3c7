// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>

#include "millpond/Heap.h"

namespace millpond::lab {

/// Returns: `heap`, of any type that has these calls, as what lies behind a memory manager; it outlives that.
/// It refuses what must be aligned more strictly than all its memory is.
template <class AnyHeap>
Heap heapBehind(AnyHeap& heap) {
  return {
      .allocate = [](void* context, std::size_t bytes, std::size_t alignment) -> void* {
        auto& own = *static_cast<AnyHeap*>(context);
        return alignment <= own.alignment() ? own.allocate(bytes) : nullptr;
      },
      .release = [](void* context, void* memory,
                    std::size_t /*bytes*/) { static_cast<AnyHeap*>(context)->release(memory); },
      .context = &heap,
      .freeBytes = [](void* context) { return static_cast<AnyHeap*>(context)->freeBytes(); },
      .largestFreeBlock = [](void* context) { return static_cast<AnyHeap*>(context)->largestFreeBlock(); },
  };
}

}  // namespace millpond::lab
