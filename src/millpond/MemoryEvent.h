// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/PoolId.h"

namespace millpond {

/// A rare condition, reported to the observer in addition to being counted.
struct MemoryEvent {
  /// What happened.
  enum class Kind : std::uint8_t {
    /// A request that fits found no free block.
    exhausted,
    /// A request was larger than the pool could ever serve to its caller.
    oversize,
    /// The heap served a request that the pool could not serve.
    fallback,
    /// A request got nullptr.
    refused,
    /// A free of a pointer that is not the start of a held block. `pool` is the pool that contains it, else
    /// `heap`. `source` is the holder or last holder of that block, else "?".
    rejected_free,
    /// A request of size 0, or of a pool that the manager does not have.
    invalid,
    /// A block's canary, fence or poison was overwritten; only counted if the block is the payload of an
    /// `EventBus`'s event. `source` is the holder or last holder of the block.
    guard_violation,
    /// Memory was freed to the heap, or a pool was released to it or reacquired from it.
    heap_changed,
  };
  /// Lives as long as the manager (see `MemoryManager`), so that an event may be kept.
  const char* source;
  /// Of a request: the bytes requested. Of a guard violation: the offset of the first wrong byte from the
  /// block's start; before the start, the offset as a negative `std::ptrdiff_t`.
  std::size_t size = 0;
  /// Of a free: the pointer to be freed. Of a guard violation: the block's start.
  const void* pointer = nullptr;
  /// Of a guard violation: the block's index in its pool.
  std::uint32_t block = 0;
  Kind kind = Kind::heap_changed;
  PoolId pool = PoolId::heap;
};

/// Called where the event happens, in the caller's task or interrupt, so it must be quick and must not block.
/// No lock of Millpond is held during the call, so the observer may call the manager as far as the context
/// allows.
struct MemoryObserver {
  void (*notify)(void* context, const MemoryEvent& event);
  void* context;
  /// If not nullptr: called after an event that reports a shortage of memory or memory given back.
  void (*moved)(void* context) = nullptr;
};

}  // namespace millpond
