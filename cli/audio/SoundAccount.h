// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace millpond::cli {

/// What happened to an input on its way to the device that the user may want to know.
struct SoundAccount {
  /// Samples beyond full scale, in the input or after resampling, which were clipped.
  std::uint64_t clipped = 0;
  /// Samples of the input that are not numbers: NaN became silence, infinity full scale.
  std::uint64_t bad_samples = 0;
  /// The warnings, one line each.
  std::vector<std::string> warnings;
  /// Whether the input broke off; if so, the last of `warnings` says why.
  bool failed = false;
};

}  // namespace millpond::cli
