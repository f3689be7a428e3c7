// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <memory_resource>

#include "millpond/adapters/PoolSource.h"

namespace millpond {

/// A pool as a `std::pmr::memory_resource`. A request that gets no memory throws or traps: see `PoolSource`.
///
///     MemoryResource lists({.memory = memory, .pool = PoolId::general, .source = "lists"});
///     std::pmr::vector<int> points(&lists);
///
/// The manager outlives the resource, the resource its containers. Context: task.
class MemoryResource final : public std::pmr::memory_resource {
 public:
  /// Requires: the manager of `source` outlives the resource. Context: task.
  explicit MemoryResource(const PoolSource& source) : source_(source) {}

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    return source_.allocate(bytes, alignment);
  }
  void do_deallocate(void* block, std::size_t, std::size_t) override { source_.memory.deallocate(block); }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

  PoolSource source_;
};

}  // namespace millpond
