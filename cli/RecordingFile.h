// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace millpond::cli {

/// A file of a stream: its name tells the stream and the index of its first sample.
struct RecordingFile {
  std::filesystem::path path;
  std::uint64_t first = 0;
  std::uint64_t frames = 0;
  std::uint32_t rate = 0;
  bool flac = false;

  std::uint64_t end() const { return first + frames; }

  /// "stream-<16 hex digits of the id>-<first>.wav", or .flac.
  static std::string name(std::uint64_t stream_id, std::uint64_t first, bool flac = false);
  /// Returns: the files of a stream in `folder` that can be read, in the order of their samples.
  static std::vector<RecordingFile> find(const std::filesystem::path& folder, std::uint64_t stream_id);
};

}  // namespace millpond::cli
