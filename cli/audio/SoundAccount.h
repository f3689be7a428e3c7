// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace millpond::cli {

/// What became of an input on its way to the device that its listener may want to know.
struct SoundAccount {
  /// Samples beyond full scale, of the input or once resampled, which became full scale.
  std::uint64_t clipped = 0;
  /// Samples of the input that are no numbers: NaN became silence, infinity full scale.
  std::uint64_t bad_samples = 0;
  /// A line for each thing that is worth a warning.
  std::vector<std::string> warnings;
  /// Whether the input broke off; the last of `warnings` says why.
  bool failed = false;
};

}  // namespace millpond::cli
