// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <vector>

namespace millpond::lab {

/// How a figure varies from seed to seed. Infinity stands for what did not happen during a run.
struct Spread {
  double min = 0;
  double median = 0;
  double max = 0;

  /// Returns: the spread of `values`; the median of an even number is the mean of the middle two.
  /// Requires: at least one value.
  static Spread of(std::vector<double> values);
};

}  // namespace millpond::lab
