// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace millpond::trace {

/// What is wrong with a trace. `what` says in one line which folder, what is wrong and what is allowed.
struct TraceError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One event of a recorded device.
struct TraceEvent {
  enum class Kind : std::uint8_t {
    /// A request was served: by its pool, or by the heap if `heap` is set.
    allocation,
    /// A block was freed. `pool`, `heap`, `size` and `source` are those of its allocation.
    free,
    /// A request that fits found no free block in its pool. What became of it is the next event of that
    /// source: an allocation from the heap, or `refused`.
    exhausted,
    /// A request was larger than its pool could ever serve. Followed as `exhausted`.
    oversize,
    /// A request got nullptr.
    refused,
    /// A free was refused: double, foreign or interior. `source` is the block's holder or last holder.
    rejected_free,
    /// The level of pressure changed to `size`: 0 normal, 1 warning, 2 critical.
    pressure,
    /// The reclaimer `source` gave back `size` bytes.
    reclaim,
  };

  /// Nanoseconds since the device's clock began; never falls.
  std::uint64_t time_ns = 0;
  /// Bytes requested.
  std::uint32_t size = 0;
  /// Identifies the block among all that are held, to pair a free with its allocation. Not an address.
  std::uint32_t block = 0;
  /// Index into `TraceReader::sources`.
  std::uint16_t source = 0;
  Kind kind = Kind::allocation;
  /// The pool that was asked, as an index into `TraceReader::pools`.
  std::uint8_t pool = 0;
  /// Whether the heap served the request.
  bool heap = false;
  /// Whether the caller was an interrupt.
  bool interrupt = false;

  bool operator==(const TraceEvent&) const = default;
};

/// A pool of the recorded device. A class of requests that the device has no pool for has 0 blocks.
struct TracePool {
  std::string name;
  bool runs = false;
  std::uint32_t blocks = 0;
  std::uint32_t block_size = 0;

  bool operator==(const TracePool&) const = default;
};

}  // namespace millpond::trace
