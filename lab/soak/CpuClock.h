// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <ctime>

namespace millpond::lab {

/// The time that this process has kept a processor busy since the clock was made: what else the host does
/// meanwhile hardly counts.
class CpuClock {
 public:
  double seconds() const { return static_cast<double>(std::clock() - start_) / CLOCKS_PER_SEC; }

 private:
  std::clock_t start_ = std::clock();
};

}  // namespace millpond::lab
