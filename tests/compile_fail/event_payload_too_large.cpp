// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: an event's payload must stay below 64 KiB
#include <millpond.h>

#include <array>

bool tell(millpond::EventBus& bus, const std::array<char, 65536>& payload) {
  return bus.publish(millpond::eventId(64, millpond::EventPriority::low), payload);
}
