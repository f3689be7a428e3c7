// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace millpond::cli {

/// Sound of any rate and channel count, from its beginning to its end.
class SoundReader {
 public:
  SoundReader() = default;
  SoundReader(const SoundReader&) = delete;
  SoundReader& operator=(const SoundReader&) = delete;
  virtual ~SoundReader() = default;

  virtual int rate() const = 0;
  virtual std::size_t channels() const = 0;
  /// The number of frames, if known.
  virtual std::optional<std::uint64_t> frames() const { return std::nullopt; }

  /// Effect: waits for the next frames and stores them interleaved, with full scale at 1. Returns: how many
  /// frames; 0 at the end or after a stop. Throws `Error` if the sound breaks off. Requires: room for a
  /// frame.
  virtual std::size_t read(std::span<float> interleaved) = 0;

  /// The warnings, one line each. Requires: a read has returned 0.
  virtual std::vector<std::string> warnings() const { return {}; }
};

}  // namespace millpond::cli
