// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <string_view>
#include <vector>

#include "streamer/wire/Crc32c.h"

namespace millpond::streamer {
namespace {

std::uint32_t crcOf(std::string_view text) { return crc32c(std::as_bytes(std::span(text))); }

TEST(Crc32c, GivesThePublishedValues) {
  EXPECT_EQ(crcOf(""), 0U);
  EXPECT_EQ(crcOf("123456789"), 0xE3069283U);
  EXPECT_EQ(crc32c(std::vector<std::byte>(32, std::byte{0x00})), 0x8A9136AAU);  // RFC 3720, B.4
  EXPECT_EQ(crc32c(std::vector<std::byte>(32, std::byte{0xFF})), 0x62A8AB43U);
}

TEST(Crc32c, OfPartsIsThatOfTheWhole) {
  constexpr std::string_view text = "the quick brown fox";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const auto bytes = std::as_bytes(std::span(text));
    EXPECT_EQ(crc32c(bytes.subspan(cut), crc32c(bytes.first(cut))), crcOf(text));
  }
}

}  // namespace
}  // namespace millpond::streamer
