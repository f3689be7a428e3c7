// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "cli/show/UtcTime.h"

namespace millpond::cli {

/// The name of a recording.
struct RecordingName {
  std::uint64_t stream_id = 0;
  /// Index of the file's first sample.
  std::uint64_t first = 0;
  /// When the receiver began the file; 0 if the name does not say.
  UtcTime begun{};

  /// "stream-<16 hex digits of the id>-<first>-<begun><extension>", the time as 20260102T030405Z
  std::string text(std::string_view extension) const;
  /// Effect: stores the rest after the name in `extension`. Returns: empty if `text` is not such a name.
  static std::optional<RecordingName> parse(std::string_view text, std::string_view& extension);

  // NOLINTNEXTLINE(modernize-use-nullptr): sees a 0 in what the compiler writes
  auto operator<=>(const RecordingName&) const = default;
};

/// A file of a stream, and its content.
struct RecordingFile {
  std::filesystem::path path;
  RecordingName name;
  std::uint64_t frames = 0;
  std::uint32_t rate = 0;
  /// Whether it is exactly as `WavFile` writes it, so that it can be appended to.
  bool ours = false;

  std::uint64_t end() const { return name.first + frames; }

  /// Returns: the content of the file, whoever wrote it; empty if it does not exist. Throws `Error` if it
  /// cannot be read or holds no sound.
  static std::optional<RecordingFile> read(const std::filesystem::path& path, const RecordingName& name);
};

}  // namespace millpond::cli
