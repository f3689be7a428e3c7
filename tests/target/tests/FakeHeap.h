// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "board/Board.h"
#include "millpond/Heap.h"

namespace millpond::target {

/// The platform's heap, which says of itself what a test wants and counts what is out.
class FakeHeap {
 public:
  FakeHeap() = default;
  FakeHeap(const FakeHeap&) = delete;
  FakeHeap& operator=(const FakeHeap&) = delete;

  const Heap& heap() const { return heap_; }

  std::size_t free_bytes = SIZE_MAX;
  std::size_t largest = SIZE_MAX;
  bool empty = false;
  int outstanding = 0;

 private:
  static FakeHeap& of(void* context) { return *static_cast<FakeHeap*>(context); }

  Heap heap_{.allocate = [](void* context, std::size_t bytes, std::size_t alignment) -> void* {
               void* memory = of(context).empty ? nullptr : Port::heapAllocate(bytes, alignment);
               if (memory != nullptr) ++of(context).outstanding;
               return memory;
             },
             .release =
                 [](void* context, void* memory, std::size_t bytes) {
                   --of(context).outstanding;
                   Port::heapRelease(memory, bytes);
                 },
             .context = this,
             .freeBytes = [](void* context) { return of(context).free_bytes; },
             .largestFreeBlock = [](void* context) { return of(context).largest; }};
};

using board::letPass;

inline bool sameText(const char* a, const char* b) { return __builtin_strcmp(a, b) == 0; }

}  // namespace millpond::target
