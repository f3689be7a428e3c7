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

/// Compares what a receiver has on file of a stream with what the device captured.
struct RecordingComparison {
  /// Samples on file.
  std::uint64_t samples_out = 0;
  /// Index of the first sample that differs or that only one side has; empty if all are the same.
  std::optional<std::uint64_t> first_difference;

  /// Effect: reads the files of a stream in `folder`, and `input` once more if possible. Requires: the device
  /// captured the first samples of `input`, and `captured` is their digest. If `input` cannot be read again,
  /// compares digests: the first difference is then the first sample of the stretch that differs. Throws
  /// `Error` if a file cannot be read.
  static RecordingComparison make(Input& input, const SampleDigest& captured,
                                  const std::filesystem::path& folder, std::uint64_t stream_id);
};

}  // namespace millpond::cli
