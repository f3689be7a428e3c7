// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>

namespace millpond::test {

/// Makes `new` throw std::bad_alloc once, on whichever thread but the one that made this object.
class HeapFaults {
 public:
  HeapFaults();
  HeapFaults(const HeapFaults&) = delete;
  HeapFaults& operator=(const HeapFaults&) = delete;
  ~HeapFaults();

  /// Effect: call number `call` of the other threads, counted from 1 and from now on, fails.
  void failAt(std::size_t call);
  /// Whether it has.
  bool failed() const;
};

}  // namespace millpond::test
