// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <system_error>

#include "cli/audio/Descriptor.h"
#include "cli/audio/SoundFile.h"

namespace millpond::cli {

/// The I/O callbacks of a libsndfile file. On its own, libsndfile mistakes a failure for the end of the file
/// and does not report why a write failed.
class SoundIo {
 public:
  /// Requires: `file` is open and outlives the object.
  explicit SoundIo(const Descriptor& file) : file_(file) { error_ = file_.size(size_); }
  SoundIo(const SoundIo&) = delete;
  SoundIo& operator=(const SoundIo&) = delete;

  /// Requires: the object outlives the result. Returns: as sf_open.
  SoundFile open(int mode, SF_INFO& info);
  /// Returns: the first error.
  const std::error_code& error() const { return error_; }

 private:
  static SF_VIRTUAL_IO callbacks();
  sf_count_t seek(sf_count_t offset, int from);
  sf_count_t read(void* to, sf_count_t wanted);
  sf_count_t write(const void* from, sf_count_t bytes);

  const Descriptor& file_;
  std::uint64_t size_ = 0;
  std::uint64_t position_ = 0;
  std::error_code error_;
};

}  // namespace millpond::cli
