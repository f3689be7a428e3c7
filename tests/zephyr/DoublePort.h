// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "Double.h"
#include "millpond/port/ZephyrPort.h"

namespace millpond::port {

/// The port on Zephyr's double, with what tests ask of a host's port (docs/porting.md).
class DoublePort : public ZephyrPort {
 public:
  using InterruptScope = zephyr_double::InterruptScope;
};

using SelectedPort = DoublePort;

}  // namespace millpond::port
