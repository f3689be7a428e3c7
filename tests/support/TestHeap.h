// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>

#include "millpond/Heap.h"

namespace millpond::test {

/// A heap to put behind the pools: counts what is asked of it, fails on demand, and insists that everything
/// comes back, with the size it was asked for.
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
  /// How often it was asked for its largest free block.
  std::size_t walks() const { return walks_; }
  /// Called within each call, to let something happen while the heap is at work.
  void setOnCall(std::function<void()> on_call) { on_call_ = std::move(on_call); }
  /// Called within each question for free bytes, before the answer and behind it.
  void setOnAsk(std::function<void()> before, std::function<void()> behind) {
    before_answer_ = std::move(before);
    behind_answer_ = std::move(behind);
  }

 private:
  // A copy: it may end itself.
  static void call(std::function<void()> what) {
    if (what) what();
  }

  static void* allocate(void* context, std::size_t bytes, std::size_t alignment) {
    auto& self = *static_cast<TestHeap*>(context);
    const bool fails = ++self.allocations_ == self.fail_at_ || self.empty_;
    call(self.on_call_);
    void* memory = fails ? nullptr : Port::heapAllocate(bytes, alignment);
    if (memory == nullptr) {
      ++self.failures_;
      return nullptr;
    }
    const std::lock_guard lock(self.mutex_);
    self.sizes_[memory] = bytes;
    return memory;
  }

  static void release(void* context, void* memory, std::size_t bytes) {
    auto& self = *static_cast<TestHeap*>(context);
    ++self.releases_;
    call(self.on_call_);
    {
      const std::lock_guard lock(self.mutex_);
      EXPECT_EQ(self.sizes_[memory], bytes) << "another size than was asked for";
      self.sizes_.erase(memory);
    }
    Port::heapRelease(memory, bytes);
  }

  static std::size_t freeBytes(void* context) {
    auto& self = *static_cast<TestHeap*>(context);
    call(self.before_answer_);
    const std::size_t free = self.free_;
    call(self.behind_answer_);
    return free;
  }
  static std::size_t largest(void* context) {
    auto& self = *static_cast<TestHeap*>(context);
    ++self.walks_;
    return self.largest_;
  }

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
  std::atomic<std::size_t> walks_{0};
  std::function<void()> on_call_;
  std::function<void()> before_answer_;
  std::function<void()> behind_answer_;
  std::mutex mutex_;
  std::map<void*, std::size_t> sizes_;
};

}  // namespace millpond::test
