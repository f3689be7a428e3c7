// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

#include "millpond/Hot.h"
#include "millpond/port/Port.h"

namespace millpond::counter {

/// Effect: increments the counter, which stays at 2^32 - 1 and never wraps. Context: any.
[[gnu::noinline]] MILLPOND_HOT inline void increment(Word& counter) {
  counter.update([](std::uint32_t count)
                     MILLPOND_INLINED { return count == UINT32_MAX ? count : count + 1; });
}

/// Effect: raises the high-water mark to `value` if that is higher. Context: any.
MILLPOND_HOT inline void raise(Word& mark, std::uint32_t value) {
  mark.update([value](std::uint32_t seen) MILLPOND_INLINED { return seen < value ? value : seen; });
}

}  // namespace millpond::counter
