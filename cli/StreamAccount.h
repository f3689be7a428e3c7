// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "streamer/SampleRange.h"

namespace millpond::cli {

/// What a receiver knows of one stream since it started. A gap is a range of samples that never came.
struct StreamAccount {
  /// As many gaps and files are listed; the gaps beyond are counted.
  static constexpr std::size_t listed_gaps = 1000;
  static constexpr std::size_t listed_files = 100;

  std::uint64_t stream_id = 0;
  std::uint32_t rate = 0;
  /// Index of the sample that is expected next.
  std::uint64_t next = 0;
  /// Index from which on this receiver recorded, more than 0 where it found an older recording to go on with.
  std::uint64_t resumed_at = 0;
  std::uint64_t connections = 0;
  std::uint64_t chunks = 0;
  /// Samples that came and are on file; samples of silence on file in place of missing ones.
  std::uint64_t written = 0;
  std::uint64_t silence = 0;
  /// Samples that came again and were not written.
  std::uint64_t duplicates = 0;
  std::uint64_t gap_count = 0;
  std::uint64_t missing = 0;
  std::vector<streamer::SampleRange> gaps;
  /// Chunks that said to be of this stream and had a wrong checksum; the range that the last one claimed.
  std::uint64_t bad_checksums = 0;
  streamer::SampleRange last_bad;
  bool ended = false;
  std::vector<std::filesystem::path> files;

  void addGap(const streamer::SampleRange& gap) {
    ++gap_count;
    missing += gap.samples;
    if (gaps.size() < listed_gaps) gaps.push_back(gap);
  }
  void addFile(const std::filesystem::path& file) {
    if (files.size() < listed_files && (files.empty() || files.back() != file)) files.push_back(file);
  }
};

}  // namespace millpond::cli
