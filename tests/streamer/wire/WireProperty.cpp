// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <vector>

#include "streamer/wire/Ack.h"
#include "streamer/wire/ChunkHeader.h"

namespace millpond::streamer {
namespace {

struct Frame {
  ChunkHeader header;
  std::vector<std::byte> bytes;
};

Frame anyFrame() {
  const auto samples = *rc::gen::inRange<std::uint32_t>(0, 200);
  Frame frame{
      .header = {.stream_id = *rc::gen::arbitrary<std::uint64_t>(),
                 .sequence = *rc::gen::arbitrary<std::uint32_t>(),
                 .payload_bytes = samples * 2,
                 .first_sample =
                     *rc::gen::inRange<std::uint64_t>(0, ChunkHeader::max_sample_index - samples + 1),
                 .sample_rate =
                     *rc::gen::inRange(ChunkHeader::min_sample_rate, ChunkHeader::max_sample_rate + 1),
                 .end_of_stream = *rc::gen::arbitrary<bool>()},
      .bytes = {},
  };
  frame.bytes.resize(ChunkHeader::size);
  for (std::uint32_t i = 0; i < frame.header.payload_bytes; ++i) {
    frame.bytes.push_back(static_cast<std::byte>(*rc::gen::arbitrary<std::uint8_t>()));
  }
  frame.header.encode(frame.bytes);
  return frame;
}

// What a receiver does: the header first, then a payload as long as it says, then the checksum.
bool accepted(const std::vector<std::byte>& bytes, ChunkHeader& header) {
  if (bytes.size() < ChunkHeader::size) return false;
  if (ChunkHeader::decode(std::span(bytes).first<ChunkHeader::size>(), header) != WireError::none)
    return false;
  const std::size_t frame = ChunkHeader::size + header.payload_bytes;
  return bytes.size() >= frame && ChunkHeader::checksumHolds(std::span(bytes).first(frame));
}

TEST(WireProperty, AChunkComesBackAsItWent) {
  EXPECT_TRUE(rc::check([] {
    const Frame frame = anyFrame();
    ChunkHeader header;
    RC_ASSERT(accepted(frame.bytes, header));
    RC_ASSERT(header == frame.header);
  }));
}

TEST(WireProperty, AChunkWithAnyFlippedBitIsRefused) {
  EXPECT_TRUE(rc::check([] {
    const Frame frame = anyFrame();
    for (int i = 0; i < 20; ++i) {
      auto bytes = frame.bytes;
      const auto bit = *rc::gen::inRange<std::size_t>(0, bytes.size() * 8);
      bytes[bit / 8] ^= std::byte{1} << (bit % 8);
      ChunkHeader header;
      RC_ASSERT(!accepted(bytes, header));
    }
  }));
}

TEST(WireProperty, ATruncatedChunkIsRefused) {
  EXPECT_TRUE(rc::check([] {
    Frame frame = anyFrame();
    frame.bytes.resize(*rc::gen::inRange<std::size_t>(0, frame.bytes.size()));
    ChunkHeader header;
    RC_ASSERT(!accepted(frame.bytes, header));
  }));
}

TEST(WireProperty, GarbageIsRefused) {
  EXPECT_TRUE(rc::check([](const std::vector<std::uint8_t>& garbage) {
    std::vector<std::byte> bytes;
    for (const std::uint8_t byte : garbage) bytes.push_back(static_cast<std::byte>(byte));
    ChunkHeader header;
    RC_ASSERT(!accepted(bytes, header));
  }));
}

TEST(WireProperty, AnAcknowledgementComesBackAsItWent) {
  EXPECT_TRUE(rc::check([](std::uint64_t id, std::uint32_t sequence) {
    const Ack sent{id, sequence, *rc::gen::inRange<std::uint64_t>(0, ChunkHeader::max_sample_index + 1)};
    Ack received;
    RC_ASSERT(Ack::decode(sent.encode(), received) == WireError::none);
    RC_ASSERT(received == sent);
  }));
}

}  // namespace
}  // namespace millpond::streamer
