// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: eventNumberIsAbove16383
#include <millpond.h>

struct Ours {
  static constexpr millpond::EventId event = millpond::eventId(16384, millpond::EventPriority::low);
};
