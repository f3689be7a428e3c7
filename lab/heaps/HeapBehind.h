// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>

#include "millpond/Heap.h"

namespace millpond::lab {

/// Returns: an adapter that lets a memory manager use `heap`, of any type with these calls, as its heap.
/// `heap` outlives the manager. The adapter refuses alignments that the heap does not guarantee.
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
