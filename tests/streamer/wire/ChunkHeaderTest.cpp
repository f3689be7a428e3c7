// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "streamer/wire/ByteOrder.h"
#include "streamer/wire/ChunkHeader.h"

namespace millpond::streamer {
namespace {

std::vector<std::byte> frameOf(ChunkHeader header) {
  std::vector<std::byte> frame(ChunkHeader::size + header.payload_bytes, std::byte{0x5A});
  header.encode(frame);
  return frame;
}

WireError decode(const std::vector<std::byte>& frame) {
  ChunkHeader header;
  return ChunkHeader::decode(std::span(frame).first<ChunkHeader::size>(), header);
}

TEST(ChunkHeader, FitsOneNetworkBufferWithTheUsualPayload) {
  EXPECT_LE(ChunkHeader::size + chunk_payload_bytes, 20480U);
}

TEST(ChunkHeader, LiesOnTheWireAsTheDocumentSays) {
  const auto frame = frameOf({.stream_id = 0x0102030405060708,
                              .sequence = 0x11223344,
                              .payload_bytes = 4,
                              .first_sample = 0x1122,
                              .end_of_stream = true});
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(frame.data()), 4), "MPND");
  EXPECT_EQ(frame[4], std::byte{1});
  EXPECT_EQ(frame[5], std::byte{48});
  EXPECT_EQ(frame[6], std::byte{1});
  EXPECT_EQ(load<std::uint64_t>(std::span(frame).subspan(8)), 0x0102030405060708U);
  EXPECT_EQ(load<std::uint32_t>(std::span(frame).subspan(16)), 0x11223344U);
  EXPECT_EQ(load<std::uint32_t>(std::span(frame).subspan(20)), 4U);
  EXPECT_EQ(load<std::uint64_t>(std::span(frame).subspan(24)), 0x1122U);
  EXPECT_EQ(load<std::uint32_t>(std::span(frame).subspan(32)), 16000U);
  EXPECT_EQ(frame[36], std::byte{1});
  EXPECT_EQ(frame[37], std::byte{16});
}

TEST(ChunkHeader, NamesWhatIsWrong) {
  struct Case {
    std::size_t offset;
    std::uint8_t value;
    WireError expected;
  };
  const std::array cases{
      Case{0, 'X', WireError::magic},
      Case{4, 2, WireError::version},
      Case{5, 52, WireError::header_length},
      Case{6, 2, WireError::flags},
      Case{7, 1, WireError::flags},
      Case{38, 1, WireError::flags},
      Case{43, 1, WireError::flags},
      Case{36, 2, WireError::format},
      Case{37, 24, WireError::format},
      Case{35, 1, WireError::format},
      Case{20, 3, WireError::payload_length},
      Case{23, 0xFF, WireError::payload_length},
      Case{31, 0x80, WireError::sample_index},
  };
  for (const Case& wrong : cases) {
    auto frame = frameOf({.payload_bytes = 4});
    frame[wrong.offset] = static_cast<std::byte>(wrong.value);
    EXPECT_EQ(decode(frame), wrong.expected) << "offset " << wrong.offset;
  }
}

TEST(ChunkHeader, RefusesSamplesBeyondTheLastIndex) {
  const std::uint64_t last = ChunkHeader::max_sample_index;
  EXPECT_EQ(decode(frameOf({.payload_bytes = 4, .first_sample = last - 2})), WireError::none);
  EXPECT_EQ(decode(frameOf({.payload_bytes = 4, .first_sample = last - 1})), WireError::sample_index);
}

TEST(ChunkHeader, RefusesFourGigabytes) {
  auto frame = frameOf({.payload_bytes = 4});
  store(std::span(frame).subspan(20), std::uint32_t{0xFFFFFFFE});
  EXPECT_EQ(decode(frame), WireError::payload_length);
}

TEST(ChunkHeader, AllowsAPayloadThatFillsTheBufferAndNoneAtAll) {
  EXPECT_EQ(decode(frameOf({.payload_bytes = ChunkHeader::max_payload})), WireError::none);
  EXPECT_EQ(decode(frameOf({.payload_bytes = 0})), WireError::none);
  auto frame = frameOf({.payload_bytes = 0});
  store(std::span(frame).subspan(20), static_cast<std::uint32_t>(ChunkHeader::max_payload + 2));
  EXPECT_EQ(decode(frame), WireError::payload_length);
}

TEST(WireError, HasASentenceForEach) {
  for (int error = 0; error <= static_cast<int>(WireError::checksum); ++error) {
    EXPECT_GT(std::string(describe(static_cast<WireError>(error))).size(), 10U);
  }
}

}  // namespace
}  // namespace millpond::streamer
