// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "cli/receiver/RecordingFolder.h"
#include "cli/show/UtcTime.h"

namespace millpond::cli {

/// Which recordings a receiver keeps.
struct KeepLimits {
  /// Removes a recording once its last sample is older than this.
  std::optional<std::chrono::seconds> age{};
  /// Removes recordings as long as the file system has fewer free bytes than this.
  std::optional<std::uint64_t> free_bytes{};
};

/// Removes the oldest recordings of a folder while they are outside of the limits, a few at a time, so that
/// nobody has to wait long.
class Retention {
 public:
  /// What it does and needs besides the folder.
  struct World {
    /// Logs that a recording was removed.
    std::function<void(const RecordingName& name, const std::string& line)> removed;
    /// Logs, and counts if `failed`, what went wrong.
    std::function<void(const std::string& line, bool failed)> complain;
    /// Whether a stream is received, so that its last recording is being written.
    std::function<bool(std::uint64_t stream_id)> receiving;
    std::function<UtcTime()> now = &utcNow;
    /// Returns: the free bytes of the folder's file system; empty if they are not known.
    std::function<std::optional<std::uint64_t>()> freeBytes;
  };

  /// How many recordings one call removes at most, and how many it looks at.
  static constexpr std::size_t removals_a_call = 32;
  static constexpr std::size_t looks_a_call = 1000;

  /// Requires: `folder` outlives the object.
  Retention(RecordingFolder& folder, const KeepLimits& limits, World world)
      : folder_(folder), limits_(limits), world_(std::move(world)) {}

  /// Effect: removes what is outside of the limits now. Call it every second.
  void run();
  /// Recordings removed, and the room on disk that they had.
  std::uint64_t removed() const { return removed_; }
  std::uint64_t removedBytes() const { return removed_bytes_; }

 private:
  /// Effect: removes the oldest recording, if it was last written before `before`. Returns: the room that it
  /// had; empty if there is none.
  std::optional<std::uint64_t> removeWritten(UtcTime before, const char* why);
  void makeRoom();

  RecordingFolder& folder_;
  KeepLimits limits_;
  World world_;
  std::size_t removals_left_ = 0;
  std::size_t looks_left_ = 0;
  bool out_of_room_ = false;
  std::uint64_t removed_ = 0;
  std::uint64_t removed_bytes_ = 0;
};

/// Returns: the bytes that a program without privileges may still write to the file system of `folder`; empty
/// if the system does not know.
std::optional<std::uint64_t> freeBytesOf(const std::filesystem::path& folder);

}  // namespace millpond::cli
