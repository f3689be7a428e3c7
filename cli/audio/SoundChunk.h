// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

namespace millpond::cli {

/// Where the sound lies in a file made of chunks (WAV, RF64, AIFF), according to its header.
struct SoundChunk {
  /// Stores the bytes at `offset`. Returns: false if they are not all available.
  using ReadAt = std::function<bool(std::uint64_t offset, std::span<std::byte> bytes)>;

  std::uint64_t offset = 0;
  /// Bytes of sound; empty if the writer could not know: 0, or one of the values that writers to a pipe
  /// leave.
  std::optional<std::uint64_t> size;
  bool big_endian = false;

  /// Returns: the chunk; empty if the file is of another kind or has none. Reads nothing after the chunk's
  /// own header.
  static std::optional<SoundChunk> find(const ReadAt& read);
  /// Returns: whether there are only whole chunks between `offset` and `end`, so that there is no sound.
  static bool onlyChunks(const ReadAt& read, std::uint64_t offset, std::uint64_t end);
};

}  // namespace millpond::cli
