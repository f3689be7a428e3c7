// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <span>

#include "millpond/Hot.h"
#include "millpond/MemoryManager.h"
#include "millpond/manager/StaticBufferNode.h"

namespace millpond {

/// `N` elements of `T` in static storage, never on a heap. They are registered with the memory manager, so
/// that its budget and its report count them. `MemoryConfig::static_buffer_bytes` states their total size.
///
///     static StaticBuffer<std::int32_t, 4096> i2s_read(memory, "i2s");
template <class T, std::size_t N>
class StaticBuffer : StaticBufferNode {
  static_assert(N > 0, "Millpond: a static buffer has at least one element");

 public:
  /// Requires: `manager` outlives the buffer; no other thread constructs or destroys a static buffer at the
  /// same time, and nobody reads the manager's figures while one is destroyed; `name` lives as long as a
  /// `source` (see `MemoryManager`). Context: task.
  StaticBuffer(MemoryManager& manager, const char* name)
      : StaticBufferNode(manager.core(), name, sizeof(T) * N) {}

  /// The elements. Context: any.
  MILLPOND_INLINE T* data() { return elements_; }
  MILLPOND_INLINE static constexpr std::size_t size() { return N; }
  MILLPOND_INLINE T& operator[](std::size_t index) { return elements_[index]; }
  /// As above. Context: any that reaches flash.
  std::span<T, N> span() { return elements_; }

 private:
  T elements_[N]{};
};

}  // namespace millpond
