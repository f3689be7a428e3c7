// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace millpond {

/// What a record of the trace says. Fits into four bits; 0 is no record.
enum class TraceKind : std::uint8_t {
  none,
  /// A pool served a request, or a block of it was freed.
  allocation,
  free,
  /// The heap served a request that the pool could not serve, or a block of it was freed.
  heap_allocation,
  heap_free,
  /// A request that fits found no free block; was larger than the pool could ever serve; got nullptr.
  exhausted,
  oversize,
  refused,
  /// A free was refused: of a pointer into a pool, or outside all pools.
  rejected_free,
  foreign_free,
  /// The level of pressure changed to `size`.
  pressure,
  /// A reclaimer gave back `size` bytes.
  reclaim,
  /// The address of the source of the next record, which holds no block that would tell it.
  source,
};

/// An event of the trace.
struct TraceEntry {
  TraceKind kind = TraceKind::none;
  /// The row of the pool that was asked.
  std::uint8_t pool = 0;
  bool interrupt = false;
  std::uint32_t size = 0;
  /// The block's index in its pool; for the heap any number below 2^24 that tells it from the others held.
  std::uint32_t block = 0;
  const char* source = nullptr;
};

}  // namespace millpond
