// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>

#include "millpond/Heap.h"

namespace millpond::lab {

/// Returns: `heap`, of any type that has these calls, as what lies behind a memory manager; it outlives that.
template <class AnyHeap>
Heap heapBehind(AnyHeap& heap) {
  return {
      .allocate = [](void* context,
                     std::size_t bytes) { return static_cast<AnyHeap*>(context)->allocate(bytes); },
      .release = [](void* context, void* memory) { static_cast<AnyHeap*>(context)->release(memory); },
      .context = &heap,
      .freeBytes = [](void* context) { return static_cast<AnyHeap*>(context)->freeBytes(); },
      .largestFreeBlock = [](void* context) { return static_cast<AnyHeap*>(context)->largestFreeBlock(); },
  };
}

}  // namespace millpond::lab
