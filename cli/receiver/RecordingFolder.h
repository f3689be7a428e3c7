// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/audio/WavFile.h"
#include "cli/receiver/RecordingFile.h"
#include "cli/show/UtcTime.h"

namespace millpond::cli {

/// The recordings in a folder. Their names are read once and kept in memory, so finding a stream takes
/// logarithmic time. Files that others add later are not seen, and never overwritten.
///
/// An empty file "<name>.ended" beside a WAV file means that its stream has ended and that it should become
/// FLAC.
class RecordingFolder {
 public:
  /// Throws `Error` if the folder cannot be read.
  explicit RecordingFolder(std::filesystem::path folder, WavFile::Durable durable = WavFile::Durable::no,
                           std::function<UtcTime()> now = &utcNow);

  /// Returns: the file with the last samples of a stream; empty if the stream has none. Throws `Error` if the
  /// file cannot be read. Cost: opens one or two files.
  std::optional<RecordingFile> latest(std::uint64_t stream_id);
  /// Returns: all files of a stream in the order of their samples. Throws `Error` if one cannot be read.
  std::vector<RecordingFile> files(std::uint64_t stream_id) const;

  /// Effect: creates a file of a stream, from sample `first` on. Throws `Error` if that fails, or if the file
  /// exists.
  WavFile create(std::uint64_t stream_id, std::uint64_t first, std::uint32_t rate);
  /// Returns: `file`, opened to append to it; empty if it is not ours, has another rate, or has ended.
  std::optional<WavFile> resume(const RecordingFile& file, std::uint32_t rate) const;
  std::filesystem::path path(const RecordingName& name, std::string_view extension) const;

  /// Effect: ends the WAV files of a stream, so that nothing more is appended to them. Returns: the files to
  /// encode. Each is returned only once, until `stillWav`.
  std::vector<RecordingName> end(std::uint64_t stream_id);
  /// Effect: marks a file as ended, so that a later receiver knows. Returns: the error, if any.
  [[nodiscard]] std::error_code mark(const RecordingName& name) const;
  /// Effect: removes what an earlier receiver's encoding left without its WAV file. Returns: the files that
  /// an earlier receiver marked as ended or began to encode, as `end` returns them.
  std::vector<RecordingName> unfinished();
  /// Effect: records that a file is FLAC now; or that it stays WAV, so that `end` returns it again.
  void encoded(const RecordingName& name);
  void stillWav(const RecordingName& name);

  /// A recording that may be removed.
  struct Old {
    RecordingName name;
    /// When its last sample was written, and the room on disk that its files take.
    UtcTime written{};
    std::uint64_t bytes = 0;
  };
  /// Returns: the recording whose last sample was written the longest ago, if that was before `before`; empty
  /// if there is none, or once `looks` files were looked at, of which it subtracts those that it did. Passes
  /// over what is being encoded, the last recording of a stream for which `receiving` is true, and whatever
  /// has a file that no receiver wrote. Returns each only once.
  std::optional<Old> oldest(UtcTime before, const std::function<bool(std::uint64_t stream_id)>& receiving,
                            std::size_t& looks);
  /// Effect: removes the files of a recording. Returns: the first error, if any.
  [[nodiscard]] std::error_code remove(const RecordingName& name);

 private:
  /// The files that exist of a recording.
  struct Kinds {
    bool wav = false;
    bool flac = false;
    bool part = false;
    bool ended = false;
    bool encoding = false;
  };
  using Entries = std::map<RecordingName, Kinds>;
  /// A recording, and a time before which its last sample was not written.
  using Age = std::pair<UtcTime, RecordingName>;

  void add(std::string_view file_name);
  std::optional<RecordingFile> read(const RecordingName& name, const Kinds& kinds) const;
  static bool startEncoding(Kinds& kinds);
  /// As `oldest`, but what is passed over is not in the queue any more, and in `busy`.
  std::optional<Old> oldestIdle(UtcTime before, const std::function<bool(std::uint64_t stream_id)>& receiving,
                                std::size_t& looks, std::vector<Age>& busy);
  bool isLast(Entries::const_iterator entry) const;
  std::optional<Old> lookAt(const RecordingName& name) const;
  bool mayRemove(const RecordingName& name) const;

  std::filesystem::path folder_;
  WavFile::Durable durable_;
  std::function<UtcTime()> now_;
  Entries entries_;
  std::priority_queue<Age, std::vector<Age>, std::greater<>> ages_;  // the oldest is on top
};

}  // namespace millpond::cli
