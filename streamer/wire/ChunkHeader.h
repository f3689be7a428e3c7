// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "streamer/wire/AudioFormat.h"
#include "streamer/wire/WireError.h"

namespace millpond::streamer {

/// The header of each chunk on the wire. docs/wire-format.md specifies each byte.
///
/// A frame is a header and its payload in one buffer. The checksum covers both, so any flipped bit is
/// detected.
struct ChunkHeader {
  static constexpr std::size_t size = 48;
  static constexpr std::size_t max_frame = 20480;
  static constexpr std::size_t max_payload = max_frame - size;
  /// No sample index exceeds it, including the index after the last sample.
  static constexpr std::uint64_t max_sample_index = std::uint64_t{1} << 62U;
  static constexpr std::uint32_t min_sample_rate = 8000;
  static constexpr std::uint32_t max_sample_rate = 48000;

  /// Drawn at random when the device starts to stream.
  std::uint64_t stream_id = 0;
  /// Number of the chunk, from 0. A missing number means that the device dropped that chunk.
  std::uint32_t sequence = 0;
  /// A multiple of 2; 0 if the chunk only marks the end.
  std::uint32_t payload_bytes = 0;
  /// Index of the first sample, counted from the start of the stream.
  std::uint64_t first_sample = 0;
  std::uint32_t sample_rate = streamer::sample_rate;
  /// Whether the stream ends with this chunk.
  bool end_of_stream = false;

  std::uint32_t samples() const { return payload_bytes / 2; }

  /// Effect: writes the header at the front of `frame`, with the checksum of header and payload. Requires:
  /// frame.size() == size + payload_bytes. Cost: one table look-up per byte of the frame.
  void encode(std::span<std::byte> frame) const { encode(frame.first(size), frame.subspan(size)); }
  /// As above, for a payload elsewhere. Requires: head.size() == size.
  void encode(std::span<std::byte> head, std::span<const std::byte> payload) const;

  /// Effect: reads `bytes` into `header`. Returns: the first reason why it is not a valid header of version
  /// 1. Does not verify the checksum. Cost: constant.
  static WireError decode(std::span<const std::byte, size> bytes, ChunkHeader& header);

  static constexpr std::size_t magic_size = 4;
  /// Returns: whether `bytes`, however few, may be the beginning of a chunk of any version.
  static bool mayBeginWith(std::span<const std::byte> bytes);

  /// Returns: whether the checksum of a whole frame is right. Requires: frame.size() >= size.
  static bool checksumHolds(std::span<const std::byte> frame);

  friend bool operator==(const ChunkHeader&, const ChunkHeader&) = default;
};

}  // namespace millpond::streamer
