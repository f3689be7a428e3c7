// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "millpond/SharedBuffer.h"
#include "streamer/backlog/SampleRange.h"
#include "streamer/wire/ChunkHeader.h"

namespace millpond::streamer {

/// Samples for one send. Normally gathered in a network buffer with room for the header ahead of them. While
/// memory is short, an audio block as it was captured, whose header is sent separately.
struct Chunk {
  SharedBuffer buffer;
  /// Where the samples begin in the buffer.
  std::uint32_t offset = ChunkHeader::size;
  std::uint32_t samples = 0;
  std::uint64_t first = 0;
  std::uint32_t sequence = 0;
  /// Whether the chunk takes no more samples.
  bool sealed = false;
  bool end_of_stream = false;
  /// Whether it is an audio block.
  bool direct = false;

  SampleRange range() const { return {first, samples}; }
  std::size_t payloadBytes() const { return samples * sizeof(std::int16_t); }
  std::span<std::byte> payload() const { return buffer.bytes().subspan(offset, payloadBytes()); }
  /// The room for the header, and the payload. Requires: not direct.
  std::span<std::byte> frame() const { return buffer.bytes().first(offset + payloadBytes()); }
  /// Where the next sample goes.
  std::byte* end() const { return buffer.data() + offset + payloadBytes(); }
};

}  // namespace millpond::streamer
