// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "millpond/Buffer.h"
#include "streamer/ChunkHeader.h"
#include "streamer/SampleRange.h"

namespace millpond::streamer {

/// Samples gathered for one send: a network buffer with room for the header ahead of them.
struct Chunk {
  Buffer buffer;
  std::uint64_t first = 0;
  std::uint32_t samples = 0;
  std::uint32_t sequence = 0;
  /// Whether no more samples go in.
  bool sealed = false;
  bool end_of_stream = false;

  SampleRange range() const { return {first, samples}; }
  std::size_t payloadBytes() const { return samples * sizeof(std::int16_t); }
  /// The header's place and the payload.
  std::span<std::byte> frame() const { return buffer.bytes().first(ChunkHeader::size + payloadBytes()); }
  std::span<std::byte> payload() const { return frame().subspan(ChunkHeader::size); }
  /// Where the next sample goes.
  std::byte* end() const { return buffer.data() + ChunkHeader::size + payloadBytes(); }
};

}  // namespace millpond::streamer
