// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "lab/heaps/Holes.h"

namespace millpond::lab {

/// The least that a memory's largest hole ever was: exact, although few moments are looked at. It knows free
/// memory of at least that size, a witness; as long as nothing is allocated there, the largest hole is no
/// smaller.
class LeastHole {
 public:
  /// Effect: notes that a request of `bytes` got the memory at `at`. Returns: whether `look` must be called
  /// now, because the witness may have become too small. Cost: constant.
  bool mustLookAfter(const std::byte* at, std::uint32_t bytes);

  /// Effect: takes in the holes that there are now, at `time_us`.
  void look(const Holes& holes, std::uint64_t time_us);

  std::uint32_t bytes() const { return bytes_; }
  /// When the largest hole first was the least.
  std::uint64_t timeMicros() const { return time_us_; }

 private:
  std::uint32_t bytes_ = UINT32_MAX;
  std::uint64_t time_us_ = 0;
  std::uintptr_t witness_ = 0;
  std::uintptr_t witness_end_ = 0;
};

}  // namespace millpond::lab
