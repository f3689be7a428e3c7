// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>

#include "millpond/adapters/PoolSource.h"

namespace millpond {

/// A pool as an allocator of the standard library's containers. A request that gets no memory throws or
/// traps: see `PoolSource`.
///
///     const PoolSource lists{.memory = memory, .pool = PoolId::general, .source = "lists"};
///     std::vector<int, PoolAllocator<int>> points{PoolAllocator<int>(lists)};
///
/// It refers to the source, which outlives it, as the manager does. Context: task.
template <class T>
class PoolAllocator {
 public:
  /// What containers ask of an allocator.
  using value_type = T;

  /// Requires: `source` outlives the allocator and its containers. Context: task.
  explicit PoolAllocator(const PoolSource& source) : source_(&source) {}
  explicit PoolAllocator(const PoolSource&&) = delete;  // it must outlive the container
  /// The same source, for another type. Context: task.
  template <class Other>
  PoolAllocator(  // NOLINT(google-explicit-constructor): containers convert it to their nodes' type
      const PoolAllocator<Other>& other)
      : source_(other.source_) {}

  /// Returns: room for `count` objects; see `PoolSource::allocate`. Context: task.
  T* allocate(std::size_t count) {
    std::size_t bytes = 0;
    if (__builtin_mul_overflow(count, sizeof(T), &bytes)) PoolSource::refuse();
    return static_cast<T*>(source_->allocate(bytes, alignof(T)));
  }
  /// As `MemoryManager::deallocate`.
  void deallocate(T* block, std::size_t) { source_->memory.deallocate(block); }

  /// Whether one frees what the other took: they have the same manager.
  template <class Other>
  bool operator==(const PoolAllocator<Other>& other) const {
    return &source_->memory == &other.source_->memory;
  }

 private:
  template <class Other>
  friend class PoolAllocator;

  const PoolSource* source_;
};

}  // namespace millpond
