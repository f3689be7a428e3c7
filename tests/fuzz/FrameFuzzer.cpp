// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What comes over the wire: whatever is taken for a header or an acknowledgement is one, byte for byte.
#include <algorithm>
#include <vector>

#include "streamer/wire/Ack.h"
#include "streamer/wire/ChunkHeader.h"
#include "tests/fuzz/Fuzzer.h"

namespace millpond::test {
namespace {

using streamer::Ack;
using streamer::ChunkHeader;
using streamer::WireError;

void header(std::span<const std::byte> input) {
  if (input.size() < ChunkHeader::size) return;
  ChunkHeader header;
  if (ChunkHeader::decode(input.first<ChunkHeader::size>(), header) != WireError::none) return;
  require(header.payload_bytes <= ChunkHeader::max_payload && header.payload_bytes % 2 == 0);
  require(header.first_sample <= ChunkHeader::max_sample_index - header.samples());

  std::vector<std::byte> frame(ChunkHeader::size + header.payload_bytes);
  std::ranges::copy(input.first(std::min(input.size(), frame.size())), frame.begin());
  header.encode(frame);
  require(ChunkHeader::checksumHolds(frame));
  constexpr std::size_t before_checksum = ChunkHeader::size - sizeof(std::uint32_t);
  require(std::ranges::equal(std::span(frame).first(before_checksum), input.first(before_checksum)));

  const std::size_t bit = std::to_integer<std::size_t>(input[0]) * 8191 % (frame.size() * 8);
  frame[bit / 8] ^= std::byte{1} << (bit % 8);
  require(!ChunkHeader::checksumHolds(frame));
}

void acknowledgement(std::span<const std::byte> input) {
  if (input.size() < Ack::size) return;
  Ack ack;
  if (Ack::decode(input.first<Ack::size>(), ack) != WireError::none) return;
  require(std::ranges::equal(ack.encode(), input.first<Ack::size>()));
}

}  // namespace

void fuzz(std::span<const std::byte> input) {
  header(input);
  acknowledgement(input);
}

}  // namespace millpond::test
