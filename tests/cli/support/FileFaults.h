// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace millpond::test {

/// Watches the calls that this process makes to the C library for files below a folder, whichever library
/// makes them, and makes one of them fail. One at a time in a process.
class FileFaults {
 public:
  enum class Way : std::uint8_t {
    refused,         // nothing is done
    half,            // a write writes half of what it should, and the call after it is refused
    after_all,       // all is done, and an error is returned nevertheless
    all_from_there,  // every call is refused from that one on
  };

  /// Requires: the folder exists. Effect: watches it until the object's end.
  explicit FileFaults(const std::filesystem::path& folder);
  FileFaults(const FileFaults&) = delete;
  FileFaults& operator=(const FileFaults&) = delete;
  ~FileFaults();

  /// Effect: call number `call`, counted from 1 and from now on, fails with `error`; 0: none does.
  void failAt(std::size_t call, int error = EIO, Way way = Way::refused);

  /// Since the last `failAt`: the names of the calls, how many failed, how many bytes were written to files
  /// and how many entries were read from folders.
  std::vector<std::string> calls() const;
  std::size_t failed() const;
  std::size_t bytesWritten() const;
  std::size_t folderEntriesRead() const;
};

}  // namespace millpond::test
