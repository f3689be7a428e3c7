// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

#include "cli/audio/Descriptor.h"
#include "cli/show/UtcTime.h"

namespace millpond::cli {

/// A growing mono 16-bit WAV file: a header of 86 bytes that says when it was begun, or one of 44 bytes that
/// does not, then the samples. It is complete after every call:
/// whoever opens it, even after this process was killed, finds everything appended. Each call throws `Error`
/// on failure. After that the object must not be used any more; the file still has everything that earlier
/// calls appended.
class WavFile {
 public:
  /// What the header of an existing file says.
  struct Content {
    std::uint32_t rate = 0;
    std::uint64_t frames = 0;
    /// When it was begun; empty if it does not say.
    std::optional<UtcTime> begun{};
  };

  /// Whether `append` waits for the disk: first for the samples, then for the header that counts them.
  enum class Durable : bool { no, yes };

  /// Effect: makes an empty file, begun at `begun`. Also throws if the file exists, and leaves it unchanged.
  static WavFile create(const std::filesystem::path& path, std::uint32_t rate, UtcTime begun,
                        Durable durable = Durable::no);

  /// Effect: opens a file to append to it. Removes bytes after the samples that its header counts: an
  /// interrupted append left them, and they were never reported as on file. Requires: `contentOf` recognises
  /// the file. Also throws if it does not, and leaves the file unchanged.
  static WavFile resume(const std::filesystem::path& path, std::uint32_t rate, Durable durable = Durable::no);

  /// Returns: the content of a file whose header is exactly as this class writes it; an empty file has no
  /// samples. Empty for any other file.
  static std::optional<Content> contentOf(const Descriptor& file, const std::filesystem::path& path);

  void append(std::span<const std::int16_t> samples);
  /// Effect: appends silence. Takes neither time nor space if the file system supports holes.
  void appendSilence(std::uint64_t samples);
  void close();

  std::uint64_t frames() const { return frames_; }
  const std::filesystem::path& path() const { return path_; }

 private:
  WavFile(std::filesystem::path path, std::uint32_t rate, Durable durable)
      : path_(std::move(path)), rate_(rate), durable_(durable) {}

  std::uint64_t offsetOf(std::uint64_t frame) const;

  void check(const std::error_code& error) const;
  void commit(std::uint64_t frames);
  void syncIfDurable() const;
  Descriptor file_;
  std::filesystem::path path_;
  std::uint32_t rate_;
  Durable durable_;
  std::optional<UtcTime> begun_;
  std::uint64_t frames_ = 0;
};

}  // namespace millpond::cli
