// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace millpond::port {

/// Whether the processor is in an interrupt, for cores that do not provide this themselves. The board's
/// interrupt dispatcher holds a `Scope` around each handler. One core.
class InterruptDepth {
 public:
  [[gnu::always_inline]] static bool any() { return __atomic_load_n(&depth, __ATOMIC_RELAXED) != 0; }

  // Plain increments: a nested interrupt restores the depth before it returns.
  class Scope {
   public:
    Scope() { __atomic_store_n(&depth, depth + 1, __ATOMIC_RELAXED); }
    ~Scope() { __atomic_store_n(&depth, depth - 1, __ATOMIC_RELAXED); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
  };

 private:
  static inline constinit std::uint32_t depth = 0;
};

}  // namespace millpond::port
