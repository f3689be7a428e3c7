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

/// The files of one stream while it is received: everything is put where its sample index says.
///
/// It goes on where the files in the folder end, whoever wrote them, and appends only to files that are to
/// the byte as this program writes them. A gap of up to `max_fill_seconds` is filled with silence, so that
/// the timeline holds; after a longer one, or when a file is full, a new file begins. What came before is not
/// written again. Each call throws `Error` where a file cannot be read or written; the account has what is on
/// file then, and the stream goes on with a new object.
class Recording {
 public:
  struct Limits {
    std::uint64_t max_fill_seconds = 300;
    std::uint64_t max_file_seconds = std::uint64_t{4} * 3600;
  };

  /// Requires: `folder` and `account`, of the same stream, outlive the recording.
  Recording(RecordingFolder& folder, std::uint32_t rate, const Limits& limits, StreamAccount& account);

  /// Effect: puts `samples`, the first of which has index `first`, on file; when it returns, they are there.
  void append(std::uint64_t first, std::span<const std::int16_t> samples);
  /// Effect: closes the file. Throws where the system says only then that something was not written.
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
