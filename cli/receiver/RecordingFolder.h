// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include "cli/audio/WavFile.h"
#include "cli/receiver/RecordingFile.h"

namespace millpond::cli {

/// The recordings in a folder. Their names are read once and then kept in memory, so that a stream is found
/// in logarithmic time; files that others put there later are not seen, and never overwritten.
///
/// An empty file "<name>.ended" beside a WAV file says that its stream has ended and its FLAC is to be made.
class RecordingFolder {
 public:
  /// Throws `Error` where the folder cannot be read.
  explicit RecordingFolder(std::filesystem::path folder, WavFile::Durable durable = WavFile::Durable::no);

  /// Returns: the file with a stream's last samples; nothing where the stream has none. Throws `Error` where
  /// there is one that cannot be read. Cost: opens one file, or two.
  std::optional<RecordingFile> latest(std::uint64_t stream_id);
  /// Returns: all files of a stream in the order of their samples. Throws `Error` where one cannot be read.
  std::vector<RecordingFile> files(std::uint64_t stream_id) const;

  /// Effect: begins a file of a stream. Throws `Error` where it cannot, or the file exists.
  WavFile create(const RecordingName& name, std::uint32_t rate);
  /// Returns: `file`, to append to; nothing where it is not ours, has another rate, or has ended.
  std::optional<WavFile> resume(const RecordingFile& file, std::uint64_t stream_id, std::uint32_t rate) const;
  std::filesystem::path path(const RecordingName& name, std::string_view extension) const;

  /// Effect: ends the WAV files of a stream: nothing is appended to them any more.
  /// Returns: those that are to be encoded; each is returned once, until `stillWav`.
  std::vector<RecordingName> end(std::uint64_t stream_id);
  /// Effect: makes the mark that a file has ended, by which a later receiver knows. Returns: what went wrong.
  [[nodiscard]] std::error_code mark(const RecordingName& name) const;
  /// Effect: removes what an earlier receiver's encoding left without its WAV file.
  /// Returns: files that an earlier receiver marked as ended, or began to encode, as `end` returns them.
  std::vector<RecordingName> unfinished();
  /// Effect: a file is FLAC now; or it stays WAV, and `end` returns it again.
  void encoded(const RecordingName& name);
  void stillWav(const RecordingName& name);

 private:
  /// What there is of a recording.
  struct Kinds {
    bool wav = false;
    bool flac = false;
    bool part = false;
    bool ended = false;
    bool encoding = false;
  };
  using Entries = std::map<RecordingName, Kinds>;

  void add(std::string_view file_name);
  std::optional<RecordingFile> read(const RecordingName& name, const Kinds& kinds) const;
  static bool startEncoding(Kinds& kinds);

  std::filesystem::path folder_;
  WavFile::Durable durable_;
  Entries entries_;
};

}  // namespace millpond::cli
