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

/// A block of samples was captured; published immediately, so the pointer lasts for the callback, which
/// copies the handle if it needs the samples longer.
struct BlockCaptured {
  static constexpr EventId event = eventId(65, EventPriority::normal);
  const SharedBuffer* block;
  std::uint32_t samples;
};

}  // namespace millpond::streamer
