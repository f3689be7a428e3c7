// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "lab/device/SoakResult.h"
#include "lab/heaps/Holes.h"

namespace millpond::lab {

/// What a device asks for: for what, how much, and which part of it asks.
struct DeviceRequest {
  RequestClass kind;
  std::uint32_t bytes;
  const char* source;
};

/// A way to serve all of a device's requests from one RAM.
class Policy {
 public:
  Policy() = default;
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;
  virtual ~Policy() = default;

  /// Returns: memory inside the RAM, or nullptr.
  virtual void* allocate(const DeviceRequest& request) = 0;
  /// Effect: gives back what `allocate` returned for a request of that kind and size.
  virtual void release(void* memory, RequestClass kind, std::uint32_t bytes) = 0;

  /// Steps that the last `allocate` or `release` took: free blocks looked at (first-fit), lists and blocks
  /// looked at (TLSF), words changed at once (pools), buffers looked at (static); 0 where nobody can tell.
  virtual std::uint32_t steps() const = 0;

  /// What a request of any size can be served from. Cost: a step a hole.
  virtual Holes holes() const = 0;

  /// Effect: calls `visit(offset, bytes)` for each stretch of RAM that is held, bookkeeping beside it
  /// included.
  virtual void forEachHeld(const std::function<void(std::uint32_t, std::uint32_t)>& visit) const = 0;

  /// Bytes that requests which the policy has pools for took from its heap.
  virtual std::uint64_t spilledBytes() const { return 0; }
};

}  // namespace millpond::lab
