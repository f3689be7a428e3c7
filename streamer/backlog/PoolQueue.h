// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include "millpond/MemoryManager.h"

namespace millpond::streamer {

/// A bounded first-in, first-out queue whose storage is one allocation from the general pool. Cost: each call
/// is constant, except `reserve`. Not thread-safe.
template <class T>
class PoolQueue {
 public:
  PoolQueue() = default;
  PoolQueue(const PoolQueue&) = delete;
  PoolQueue& operator=(const PoolQueue&) = delete;
  ~PoolQueue() { std::destroy(slots_.begin(), slots_.end()); }

  /// Effect: allocates storage for `capacity` elements. Returns: whether that succeeded. Requires: the first
  /// call.
  bool reserve(MemoryManager& memory, std::size_t capacity, const char* source) {
    place_ = memory.generalBuffer(capacity * sizeof(T), source);
    if (!place_) return false;
    slots_ = {reinterpret_cast<T*>(place_.data()), capacity};
    std::uninitialized_value_construct(slots_.begin(), slots_.end());
    return true;
  }

  std::size_t size() const { return size_; }
  std::size_t capacity() const { return slots_.size(); }
  bool empty() const { return size_ == 0; }
  bool full() const { return size_ == slots_.size(); }

  /// Requires: not empty.
  T& front() { return slots_[first_]; }
  const T& front() const { return slots_[first_]; }
  T& back() { return slots_[wrap(first_ + size_ - 1)]; }

  /// Requires: not full. Returns: the new last element.
  T& push(T&& element) {
    T& slot = slots_[wrap(first_ + size_)];
    slot = std::move(element);
    ++size_;
    return slot;
  }

  /// Requires: not empty. Returns: the former first element.
  T pop() {
    T element = std::exchange(slots_[first_], T{});
    first_ = wrap(first_ + 1);
    --size_;
    return element;
  }

 private:
  std::size_t wrap(std::size_t index) const { return index < slots_.size() ? index : index - slots_.size(); }

  Buffer place_;
  std::span<T> slots_;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace millpond::streamer
