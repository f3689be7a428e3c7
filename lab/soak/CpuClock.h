// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <ctime>

namespace millpond::lab {

/// The processor time of this process since the clock was made. Other load on the host hardly affects it.
class CpuClock {
 public:
  double seconds() const { return static_cast<double>(std::clock() - start_) / CLOCKS_PER_SEC; }

 private:
  std::clock_t start_ = std::clock();
};

}  // namespace millpond::lab
