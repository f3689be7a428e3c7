// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <mutex>
#include <span>

#include "lab/heaps/FirstFitHeap.h"

namespace millpond::lab {

/// A `FirstFitHeap` behind a lock: a thread-safe stand-in for a device's heap.
class LockedHeap {
 public:
  explicit LockedHeap(std::span<std::byte> region) : heap_(region, alignof(std::max_align_t)) {}

  std::uint32_t alignment() const { return heap_.alignment(); }

  void* allocate(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    return heap_.allocate(bytes);
  }
  bool release(void* memory) {
    const std::lock_guard lock(mutex_);
    return heap_.release(memory);
  }
  std::size_t freeBytes() const {
    const std::lock_guard lock(mutex_);
    return heap_.freeBytes();
  }
  std::size_t largestFreeBlock() const {
    const std::lock_guard lock(mutex_);
    return heap_.largestFreeBlock();
  }

 private:
  mutable std::mutex mutex_;
  FirstFitHeap heap_;
};

}  // namespace millpond::lab
