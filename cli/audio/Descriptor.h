// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>

namespace millpond::cli {

/// An open file or folder, and nothing else that has a name: a pipe would hold up whoever opens it. Each call
/// returns what went wrong; an empty code means that all of it was done.
class Descriptor {
 public:
  Descriptor() = default;
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  /// Closes what is still open. Call `close` where its failure matters.
  ~Descriptor();

  /// Effect: opens `path`; `flags` are those of open(2). Requires: not open. Returns: also an error where it
  /// is no regular file or, with O_DIRECTORY, no folder.
  [[nodiscard]] std::error_code open(const std::filesystem::path& path, int flags);
  /// Effect: holds the file or folder for as long as it is open. Returns: `std::errc::operation_would_block`
  /// where another process, or another object of this one, holds it.
  [[nodiscard]] std::error_code lock() const;
  [[nodiscard]] std::error_code size(std::uint64_t& bytes) const;
  /// Returns: also an error where the file ends before `bytes` is full.
  [[nodiscard]] std::error_code readAt(std::uint64_t offset, std::span<std::byte> bytes) const;
  [[nodiscard]] std::error_code writeAt(std::uint64_t offset, std::span<const std::byte> bytes) const;
  /// Effect: cuts the file, or lengthens it by zeros: a hole, where the file system has holes.
  [[nodiscard]] std::error_code resize(std::uint64_t bytes) const;
  /// Effect: waits until the disk has everything written so far.
  [[nodiscard]] std::error_code sync() const;
  /// Effect: waits until the disk has everything of the file system that the file is on.
  [[nodiscard]] std::error_code syncFileSystem() const;
  /// Effect: closes; the object is not open afterwards, whatever the result.
  [[nodiscard]] std::error_code close();

 private:
  int fd_ = -1;
};

/// Effect: waits until the disk has the content of the file at `path`.
[[nodiscard]] std::error_code syncFile(const std::filesystem::path& path);
/// Effect: waits until the disk has the names in the folder at `path`.
[[nodiscard]] std::error_code syncFolder(const std::filesystem::path& path);

}  // namespace millpond::cli
