// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "millpond/guard/Marks.h"
#include "millpond/port/Port.h"

namespace millpond {

/// Holds the last few freed blocks under `Guards::full` before they are reused.
class Quarantine {
 public:
  static constexpr std::uint32_t places = 4;

  /// Effect: puts `block` into quarantine. Returns: the block that it replaces, or nullptr.
  /// Cost: two read-modify-writes. Context: any.
  MILLPOND_HOT void* put(void* block) {
    const std::uint32_t turn = turn_.update([](std::uint32_t turns) MILLPOND_INLINED { return turns + 1; });
    return blocks_[turn % places].update([block](void*) MILLPOND_INLINED { return block; });
  }

  /// Effect: takes the block in `place` out of quarantine. Returns: it, or nullptr.
  MILLPOND_HOT void* take(std::uint32_t place) {
    return blocks_[place].update([](void*) MILLPOND_INLINED { return static_cast<void*>(nullptr); });
  }

 private:
  Port::Atomic<void*> blocks_[places];
  Word turn_;
};

/// Replaces the quarantine in tiers without one: those below `Guards::full`.
struct NoQuarantine {};
template <Guards guards>
using QuarantineFor = std::conditional_t<guards == Guards::full, Quarantine, NoQuarantine>;

inline Quarantine* quarantineIn(Quarantine& quarantine) { return &quarantine; }
inline Quarantine* quarantineIn(NoQuarantine&) { return nullptr; }

}  // namespace millpond
