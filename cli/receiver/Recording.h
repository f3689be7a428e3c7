// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "cli/audio/WavFile.h"
#include "cli/receiver/RecordingFolder.h"
#include "cli/receiver/StreamAccount.h"

namespace millpond::cli {

/// The files of one stream while it is received. Everything is stored at the position of its sample index.
///
/// Continues where the files in the folder end, whoever wrote them. Appends only to files that are exactly as
/// this program writes them. Fills a gap of up to `max_fill_seconds` with silence, so that the timeline is
/// preserved. After a longer gap, or when a file is full, starts a new file. Never writes earlier samples
/// again. Each call throws `Error` if a file cannot be read or written. The account then has what is on file,
/// and the stream continues with a new object.
class Recording {
 public:
  struct Limits {
    std::uint64_t max_fill_seconds = 300;
    std::uint64_t max_file_seconds = std::uint64_t{4} * 3600;
  };

  /// Requires: `folder` and `account` belong to the same stream and outlive the recording.
  Recording(RecordingFolder& folder, std::uint32_t rate, const Limits& limits, StreamAccount& account);

  /// Effect: stores `samples`, the first of which has index `first`. They are on file when the call returns.
  void append(std::uint64_t first, std::span<const std::int16_t> samples);
  /// Effect: closes the file. Throws `Error` if the system reports a failed write only now.
  void close();

 private:
  void skipTo(std::uint64_t first);
  void write(std::span<const std::int16_t> samples);
  void writeSilence(std::uint64_t samples);
  WavFile& openFile();

  RecordingFolder& folder_;
  std::uint32_t rate_;
  std::uint64_t max_fill_;
  std::uint64_t max_file_;
  StreamAccount& account_;
  std::optional<WavFile> file_;
};

}  // namespace millpond::cli
