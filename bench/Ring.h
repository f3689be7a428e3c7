// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <atomic>
#include <cstddef>

#include "Allocator.h"

namespace millpond::bench {

/// A ring of pointers from one thread to one other. Each side reads the other's index only where what it
/// saw last does not suffice.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): each side's index has a cache line of its own.
class Ring {
 public:
  /// At most `limit` pointers are in it at once, 1 to `slots`.
  explicit Ring(std::size_t limit) : limit_(limit) {}

  /// Called by the one. Returns: false while the ring is full.
  bool push(void* pointer) {
    const std::size_t index = pushed_.load(std::memory_order_relaxed);
    if (index - popped_seen_ == limit_) {
      popped_seen_ = popped_.load(std::memory_order_acquire);
      if (index - popped_seen_ == limit_) return false;
    }
    slots_[index % slots] = pointer;
    pushed_.store(index + 1, std::memory_order_release);
    return true;
  }

  /// Called by the other. Returns: nullptr while the ring is empty.
  void* pop() {
    const std::size_t index = popped_.load(std::memory_order_relaxed);
    if (index == pushed_seen_) {
      pushed_seen_ = pushed_.load(std::memory_order_acquire);
      if (index == pushed_seen_) return nullptr;
    }
    void* pointer = slots_[index % slots];
    popped_.store(index + 1, std::memory_order_release);
    return pointer;
  }

 private:
  static constexpr std::size_t slots = 32;

  const std::size_t limit_;
  alignas(cache_line) std::atomic<std::size_t> pushed_{0};
  std::size_t popped_seen_ = 0;
  alignas(cache_line) std::atomic<std::size_t> popped_{0};
  std::size_t pushed_seen_ = 0;
  alignas(cache_line) std::array<void*, slots> slots_{};
};

}  // namespace millpond::bench
