// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "cli/SoundFile.h"

namespace millpond::cli {

/// A mono 16-bit WAV file that grows. It is whole after every `append`: whoever opens it then, also after
/// this process was killed, finds all that was appended. Each call throws `Error` where it cannot write.
class WavFile {
 public:
  /// Effect: makes an empty file, in place of one that is there.
  static WavFile create(const std::filesystem::path& path, std::uint32_t rate);
  /// Effect: opens a file that `create` made, to append to it.
  static WavFile resume(const std::filesystem::path& path);

  void append(std::span<const std::int16_t> samples);
  std::uint64_t frames() const { return frames_; }

 private:
  WavFile(SoundFile file, std::filesystem::path path, std::uint64_t frames);

  SoundFile file_;
  std::filesystem::path path_;
  std::uint64_t frames_;
};

}  // namespace millpond::cli
