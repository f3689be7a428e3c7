// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "lab/device/SoakResult.h"
#include "lab/heaps/Holes.h"
#include "millpond/trace/TraceEncoder.h"

namespace millpond::lab {

/// A request of the device: its class, its size, and the part that makes it.
struct DeviceRequest {
  RequestClass kind;
  std::uint32_t bytes;
  const char* source;
};

/// The row of a policy's pools that a request goes to, and the block that it got there.
struct PoolPlace {
  /// The request got none of the pool's blocks.
  static constexpr std::uint32_t outside = UINT32_MAX;
  std::uint8_t pool = 0;
  std::uint32_t block = outside;
};

/// A memory policy: serves all of a device's requests from one RAM.
class Policy {
 public:
  Policy() = default;
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;
  virtual ~Policy() = default;

  /// Returns: memory inside the RAM, or nullptr.
  virtual void* allocate(const DeviceRequest& request) = 0;
  /// Effect: releases what `allocate` returned for a request of that kind and size.
  virtual void release(void* memory, RequestClass kind, std::uint32_t bytes) = 0;

  /// Steps that the last `allocate` or `release` took: free blocks visited (heap_4), lists and blocks
  /// visited (esp-idf, tlsf), atomic updates of a word (pools), buffers visited (static); 0 if unknown.
  virtual std::uint32_t steps() const = 0;

  /// The free memory that is available for requests of any size. Cost: one step per hole.
  virtual Holes holes() const = 0;

  /// Returns: the largest request that the policy serves from a hole of `hole` bytes.
  virtual std::uint32_t largestRequest(std::uint32_t hole) const { return hole; }

  /// Effect: calls `visit(offset, bytes)` for each range of RAM that is held, including bookkeeping.
  virtual void forEachHeld(const std::function<void(std::uint32_t, std::uint32_t)>& visit) const = 0;

  /// Effect: checks that all memory can be had again. Call last, with nothing held. Throws:
  /// std::runtime_error if it cannot.
  virtual void checkEmpty() {}

  /// The policy's pools, and the classes that have none; empty if no class has: then each class is a row.
  virtual std::vector<TraceEncoder::Pool> pools() const { return {}; }
  /// Where the request goes, and which block `memory` is, which it got.
  virtual PoolPlace placeOf(const DeviceRequest& request, const void* /*memory*/) const {
    return {.pool = static_cast<std::uint8_t>(request.kind)};
  }

  /// Bytes that came from the heap for requests that the policy has pools for.
  virtual std::uint64_t spilledBytes() const { return 0; }

  /// Effect: looks for leaks in the policy's ledger, if it has one, and calls `suspect(source, block)` for
  /// each block newly suspected. Call once a second.
  virtual void watchLeaks(const std::function<void(const char*, const void*)>& /*suspect*/) {}
};

}  // namespace millpond::lab
