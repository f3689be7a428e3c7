// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "streamer/wire/Ack.h"
#include "streamer/wire/ChunkHeader.h"

namespace millpond::streamer {
namespace {

constexpr Ack sample{.stream_id = 0x0123456789ABCDEF, .sequence = 7, .next_sample = 9600};

TEST(Ack, ComesBackAsItWent) {
  Ack ack;
  EXPECT_EQ(Ack::decode(sample.encode(), ack), WireError::none);
  EXPECT_EQ(ack, sample);
}

TEST(Ack, LiesOnTheWireAsTheDocumentSays) {
  const Ack::Bytes bytes = sample.encode();
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.data()), 4), "MPAK");
  EXPECT_EQ(bytes[4], std::byte{1});
  EXPECT_EQ(bytes[5], std::byte{32});
  EXPECT_EQ(bytes[8], std::byte{0xEF});
  EXPECT_EQ(bytes[16], std::byte{7});
  EXPECT_EQ(bytes[20], std::byte{0x80});
  EXPECT_EQ(bytes[21], std::byte{0x25});
}

TEST(Ack, OfAnIndexThatNoStreamReachesIsRefused) {
  Ack ack;
  const std::uint64_t last = ChunkHeader::max_sample_index;
  EXPECT_EQ(Ack::decode(Ack{1, 7, last}.encode(), ack), WireError::none);
  for (const std::uint64_t next : {last + 1, ~std::uint64_t{0}}) {
    EXPECT_EQ(Ack::decode(Ack{1, 7, next}.encode(), ack), WireError::sample_index) << next;
  }
}

TEST(Ack, WithAnyFlippedBitIsRefused) {
  for (std::size_t bit = 0; bit < Ack::size * 8; ++bit) {
    Ack::Bytes bytes = sample.encode();
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    Ack ack;
    EXPECT_NE(Ack::decode(bytes, ack), WireError::none) << "bit " << bit;
  }
}

}  // namespace
}  // namespace millpond::streamer
