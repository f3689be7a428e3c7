// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

#include "order/Explore.h"

namespace millpond::order {

/// Effect: writes to a block, lets others go on, and looks. A second holder, or one that did not see what the
/// last one did, fails the run: by the value, or as a race.
inline void useAlone(void* block) {
  auto* const word = static_cast<std::uint32_t*>(block);
  const std::uint32_t mine = anyBelow(1'000'000);
  *word = mine;
  pause();
  require(*word == mine, "two hold one block");
}

}  // namespace millpond::order
