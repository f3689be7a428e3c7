// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>

#include "millpond/Heap.h"

namespace millpond::test {

/// A heap to put behind the pools: counts what is asked of it, fails on demand, and at its end insists that
/// everything came back.
class TestHeap {
 public:
  TestHeap() = default;
  TestHeap(const TestHeap&) = delete;
  TestHeap& operator=(const TestHeap&) = delete;
  ~TestHeap() { EXPECT_EQ(outstanding(), 0U) << "blocks that never came back to the heap"; }

  const Heap& heap() const { return heap_; }

  std::size_t allocations() const { return allocations_; }
  std::size_t releases() const { return releases_; }
  std::size_t calls() const { return allocations_ + releases_; }
  std::size_t outstanding() const { return allocations_ - failures_ - releases_; }

  /// While set, the heap has no memory.
  void setEmpty(bool empty) { empty_ = empty; }
  /// Allocation number `count`, counted from 1 and from now on, fails; 0: none does.
  void failAt(std::size_t count) { fail_at_ = count == 0 ? 0 : allocations_ + count; }
  /// What the heap says it has; SIZE_MAX, the default: plenty.
  void setFree(std::size_t bytes) { free_ = bytes; }
  void setLargest(std::size_t bytes) { largest_ = bytes; }
  /// Called within each call, to let something happen while the heap is at work.
  void setOnCall(void (*on_call)()) { on_call_ = on_call; }

 private:
  static void* allocate(void* context, std::size_t bytes) {
    auto& self = *static_cast<TestHeap*>(context);
    const bool fails = ++self.allocations_ == self.fail_at_ || self.empty_;
    if (self.on_call_ != nullptr) self.on_call_();
    void* memory = fails ? nullptr : std::malloc(bytes);
    if (memory == nullptr) ++self.failures_;
    return memory;
  }

  static void release(void* context, void* memory) {
    auto& self = *static_cast<TestHeap*>(context);
    ++self.releases_;
    if (self.on_call_ != nullptr) self.on_call_();
    std::free(memory);
  }

  static std::size_t freeBytes(void* context) { return static_cast<TestHeap*>(context)->free_; }
  static std::size_t largest(void* context) { return static_cast<TestHeap*>(context)->largest_; }

  Heap heap_{.allocate = allocate,
             .release = release,
             .context = this,
             .freeBytes = freeBytes,
             .largestFreeBlock = largest};
  std::atomic<std::size_t> allocations_{0};
  std::atomic<std::size_t> releases_{0};
  std::atomic<std::size_t> failures_{0};
  std::atomic<bool> empty_{false};
  std::atomic<std::size_t> fail_at_{0};
  std::atomic<std::size_t> free_{SIZE_MAX};
  std::atomic<std::size_t> largest_{SIZE_MAX};
  void (*on_call_)() = nullptr;
};

}  // namespace millpond::test
