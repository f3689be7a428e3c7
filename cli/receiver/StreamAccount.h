// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "cli/receiver/StreamLag.h"
#include "streamer/backlog/SampleRange.h"

namespace millpond::cli {

/// What a receiver knows of one stream since the receiver started. A gap is a range of samples that never
/// came. Always: written + silence = next - resumed_at.
struct StreamAccount {
  /// How many gaps and files are listed. Further gaps are only counted.
  static constexpr std::size_t listed_gaps = 1000;
  static constexpr std::size_t listed_files = 100;

  std::uint64_t stream_id = 0;
  std::uint32_t rate = 0;
  /// Index of the next expected sample.
  std::uint64_t next = 0;
  /// Index of the first sample that this receiver recorded; above 0 if it continued an older recording.
  std::uint64_t resumed_at = 0;
  std::uint64_t connections = 0;
  std::uint64_t chunks = 0;
  /// Samples received and stored.
  std::uint64_t written = 0;
  /// Samples replaced by silence on file or, after a gap too long for that, by nothing between two files.
  std::uint64_t silence = 0;
  /// Samples received again and not written.
  std::uint64_t duplicates = 0;
  std::uint64_t gap_count = 0;
  std::uint64_t missing = 0;
  std::vector<streamer::SampleRange> gaps{};
  /// Chunks that claimed to be of this stream and had a wrong checksum, and the range that the last one
  /// claimed.
  std::uint64_t bad_checksums = 0;
  streamer::SampleRange last_bad{};
  bool ended = false;
  std::vector<std::filesystem::path> files{};
  StreamLag lag{};

  /// Effect: notes that the stream's files end at sample `end`. If this receiver was already recording,
  /// samples beyond `next` come from a call that failed after writing.
  void findOnFile(std::uint64_t end) {
    if (!found) {
      resumed_at = next = end;
      found = true;
    } else if (end > next) {
      addWritten(end - next);
    }
  }
  void addWritten(std::uint64_t samples) {
    next += samples;
    written += samples;
  }
  /// Effect: counts the next `samples` samples as missing. A gap that continues the last one is the same gap.
  void addSilence(std::uint64_t samples) {
    const bool goes_on = gap_count > 0 && next == gap_end;
    const streamer::SampleRange gap{next, samples};
    next += samples;
    silence += samples;
    missing += samples;
    gap_end = next;
    if (goes_on) {
      if (gap_count == gaps.size()) gaps.back().samples += samples;
      return;
    }
    ++gap_count;
    if (gaps.size() < listed_gaps) gaps.push_back(gap);
  }
  void addFile(const std::filesystem::path& file) {
    if (files.size() < listed_files && (files.empty() || files.back() != file)) files.push_back(file);
  }

  // Whether the existing files are known, and where the last gap ended.
  bool found = false;
  std::uint64_t gap_end = 0;
};

}  // namespace millpond::cli
