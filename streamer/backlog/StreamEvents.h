// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "millpond/EventBus.h"
#include "millpond/SharedBuffer.h"

namespace millpond::streamer {

/// The link to the receiver came or went.
struct LinkChanged {
  static constexpr EventId event = eventId(64, EventPriority::high);
  bool connected;
};

/// A block of samples was captured. Published immediately, so the pointer is valid during the callback; a
/// subscriber that needs the samples longer copies the handle.
struct BlockCaptured {
  static constexpr EventId event = eventId(65, EventPriority::normal);
  const SharedBuffer* block;
  std::uint32_t samples;
};

}  // namespace millpond::streamer
