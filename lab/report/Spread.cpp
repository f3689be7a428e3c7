// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/report/Spread.h"

#include <algorithm>

namespace millpond::lab {

Spread Spread::of(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  const bool even = values.size() % 2 == 0;
  return {values.front(), even ? (values[middle - 1] + values[middle]) / 2 : values[middle], values.back()};
}

}  // namespace millpond::lab
