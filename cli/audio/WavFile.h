// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

#include "cli/audio/Descriptor.h"

namespace millpond::cli {

/// A mono 16-bit WAV file that grows: a header of 44 bytes, then the samples. It is whole after every call:
/// whoever opens it then, also after this process was killed, finds all that was appended. Each call throws
/// `Error` where it fails; the object must not be used any more then, and the file still has all that the
/// calls before it appended.
class WavFile {
 public:
  /// What an existing file says of itself.
  struct Content {
    std::uint32_t rate = 0;
    std::uint64_t frames = 0;
  };

  /// Whether `append` waits for the disk: first for the samples, then for the header that counts them.
  enum class Durable : bool { no, yes };

  /// Effect: makes an empty file. Throws also where there is one already, which is left as it is.
  static WavFile create(const std::filesystem::path& path, std::uint32_t rate, Durable durable = Durable::no);

  /// Effect: opens a file to append to it. Bytes behind the samples that its header counts go: an append that
  /// was cut short left them, and nobody was told that they are on file.
  /// Requires: `contentOf` knows the file. Throws also where it does not, and leaves the file as it is.
  static WavFile resume(const std::filesystem::path& path, std::uint32_t rate, Durable durable = Durable::no);

  /// Returns: what is in a file whose header is to the byte what this class writes; an empty file is one
  /// without samples. Nothing where the file is another's.
  static std::optional<Content> contentOf(const Descriptor& file, const std::filesystem::path& path);

  void append(std::span<const std::int16_t> samples);
  /// Effect: appends silence, which takes no time and no room where the file system has holes.
  void appendSilence(std::uint64_t samples);
  void close();

  std::uint64_t frames() const { return frames_; }

 private:
  WavFile(std::filesystem::path path, std::uint32_t rate, Durable durable)
      : path_(std::move(path)), rate_(rate), durable_(durable) {}

  void check(const std::error_code& error) const;
  void commit(std::uint64_t frames);
  void syncIfDurable() const;
  std::uint64_t end() const;

  Descriptor file_;
  std::filesystem::path path_;
  std::uint32_t rate_;
  Durable durable_;
  std::uint64_t frames_ = 0;
};

}  // namespace millpond::cli
