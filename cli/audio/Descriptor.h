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

/// An open regular file or folder. Other kinds are refused, because opening a pipe could block. Each call
/// returns an error code, which is empty on success.
class Descriptor {
 public:
  Descriptor() = default;
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  /// Closes the file if it is still open. Call `close` if its failure matters.
  ~Descriptor();

  /// Effect: opens `path`; `flags` are those of open(2). Requires: not open. Returns: also an error if it is
  /// not a regular file or, with O_DIRECTORY, not a folder.
  [[nodiscard]] std::error_code open(const std::filesystem::path& path, int flags);
  /// Effect: locks the file or folder while it is open. Returns: `std::errc::operation_would_block` if
  /// another process, or another object of this process, holds the lock.
  [[nodiscard]] std::error_code lock() const;
  [[nodiscard]] std::error_code size(std::uint64_t& bytes) const;
  /// Returns: also an error if the file ends before `bytes` is full.
  [[nodiscard]] std::error_code readAt(std::uint64_t offset, std::span<std::byte> bytes) const;
  [[nodiscard]] std::error_code writeAt(std::uint64_t offset, std::span<const std::byte> bytes) const;
  /// Effect: truncates the file, or extends it with zeros: a hole, if the file system supports holes.
  [[nodiscard]] std::error_code resize(std::uint64_t bytes) const;
  /// Effect: waits until everything written so far is on disk.
  [[nodiscard]] std::error_code sync() const;
  /// Effect: waits until the whole file system of the file is on disk.
  [[nodiscard]] std::error_code syncFileSystem() const;
  /// Effect: closes the file. It is no longer open afterwards, whatever the result.
  [[nodiscard]] std::error_code close();

 private:
  int fd_ = -1;
};

/// Effect: lets this process have `wanted` descriptors, or as many as the system allows it. Returns: how many
/// it may have.
std::size_t raiseDescriptorLimit(std::size_t wanted);

/// Effect: waits until the content of the file at `path` is on disk.
[[nodiscard]] std::error_code syncFile(const std::filesystem::path& path);
/// Effect: waits until the names in the folder at `path` are on disk.
[[nodiscard]] std::error_code syncFolder(const std::filesystem::path& path);

}  // namespace millpond::cli
