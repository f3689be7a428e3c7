// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/MemoryConfig.h"

namespace millpond {

/// Something that should not happen often, told to the observer besides being counted.
struct MemoryEvent {
  enum class Kind : std::uint8_t {
    /// A request that fits found no free block.
    exhausted,
    /// A request larger than the pool can ever serve.
    oversize,
    /// A request that the pool could not serve was served by the heap.
    fallback,
    /// A request got nullptr.
    refused,
    /// A free of a pointer that is no held block's start. `pool` is the pool it lies in, else `heap`;
    /// `source` is who holds or last held that block, else "?".
    rejected_free,
    /// A request of size 0.
    invalid,
  };
  Kind kind;
  PoolId pool;
  const char* source;
  /// Of a request: the bytes asked for. Of a free: 0.
  std::size_t size;
  /// Of a free: what was to be freed. Of a request: nullptr.
  const void* pointer;
};

/// Called where the event happens: in the caller's task or interrupt, so it must be quick and must not block.
struct MemoryObserver {
  void (*notify)(void* context, const MemoryEvent& event) = nullptr;
  void* context = nullptr;
};

}  // namespace millpond
