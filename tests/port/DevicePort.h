// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/port/StdAtomic.h"

namespace millpond::port {

/// A port with nothing behind it, to compile the library for a 32-bit core and look at what comes out.
class DevicePort {
 public:
  template <class T>
  using Atomic = StdAtomic<T>;

  static std::uint32_t ticks() { return 1; }
  static bool inInterrupt() { return false; }
  static void* heapAllocate(std::size_t /*bytes*/) { return nullptr; }
  static void heapRelease(void* /*memory*/) {}
};

using SelectedPort = DevicePort;

}  // namespace millpond::port
