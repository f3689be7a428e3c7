// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace millpond::cli {

/// A recording as the microphone would give it: frames of 16 kHz mono, 24 bits left-justified in 32.
struct DecodedAudio {
  std::vector<std::int32_t> frames;
  /// What is worth a warning, such as a file that ends early; empty where nothing is.
  std::string warning;
};

/// Effect: decodes a whole file of any format of libsndfile's, rate and channel count; channels are averaged.
/// A 16-bit mono file of 16 kHz comes out bit for bit. Throws `Error` where it cannot be opened, is no audio,
/// is empty, or is longer than four hours.
DecodedAudio decodeAudio(const std::string& path);

}  // namespace millpond::cli
