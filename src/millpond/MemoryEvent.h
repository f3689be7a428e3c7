// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/PoolId.h"

namespace millpond {

/// Something that should not happen often, told to the observer besides being counted.
struct MemoryEvent {
  enum class Kind : std::uint8_t {
    /// A request that fits found no free block.
    exhausted,
    /// A request larger than the pool can ever serve the caller.
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
    /// A block's canary, fence or poison was overwritten; counted only where it is the payload of an
    /// `EventBus`'s
    /// event. `source` is who holds or last held the block.
    guard_violation,
    /// Something was freed to the heap, or a pool went back to it or was taken from it again.
    heap_changed,
  };
  /// Lives as long as the manager, see `MemoryManager`, so that an event may be kept.
  const char* source;
  /// Of a request: the bytes asked for. Of a guard violation: the offset of the first byte that is wrong
  /// from the block's start; before it, the same as a negative `std::ptrdiff_t`.
  std::size_t size = 0;
  /// Of a free: what was to be freed. Of a guard violation: the block's start.
  const void* pointer = nullptr;
  /// Of a guard violation: the block's index in its pool.
  std::uint32_t block = 0;
  Kind kind = Kind::heap_changed;
  PoolId pool = PoolId::heap;
};

/// Called where something happens: in the caller's task or interrupt, so it must be quick and must not block.
/// None of Millpond's locks is held then: it may call the manager, as far as the context allows.
struct MemoryObserver {
  void (*notify)(void* context, const MemoryEvent& event);
  void* context;
  /// Where not nullptr: called after an event that tells of memory that ran short, or was given back.
  void (*moved)(void* context) = nullptr;
};

}  // namespace millpond
