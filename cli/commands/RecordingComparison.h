// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "cli/audio/SampleDigest.h"
#include "cli/device/Input.h"

namespace millpond::cli {

/// What a receiver has on file of a stream, held against what the device captured.
struct RecordingComparison {
  /// Samples on file.
  std::uint64_t samples_out = 0;
  /// Index of the first sample that differs, or is on one side only; empty where all are the same.
  std::optional<std::uint64_t> first_difference;

  /// Effect: reads the files of a stream in `folder`, and `input` once more where it can be. Requires: the
  /// device captured the first samples of `input`, and `captured` is their digest. Where the input came only
  /// once, the digest is what is compared: a first difference is the first sample of the stretch that
  /// differs. Throws `Error` where a file cannot be read.
  static RecordingComparison make(Input& input, const SampleDigest& captured,
                                  const std::filesystem::path& folder, std::uint64_t stream_id);
};

}  // namespace millpond::cli
