// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace millpond::streamer {

/// Returns: the CRC-32C (Castagnoli) of `bytes`. If `before` is the checksum of the preceding bytes, the
/// result covers both. Detects every error burst of up to 32 bits. Cost: one table look-up per byte.
constexpr std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before = 0) {
  constexpr auto table = [] {
    std::array<std::uint32_t, 256> entries{};
    for (std::uint32_t i = 0; i < entries.size(); ++i) {
      std::uint32_t entry = i;
      for (int bit = 0; bit < 8; ++bit) entry = (entry >> 1U) ^ ((entry & 1U) != 0 ? 0x82F63B78U : 0U);
      entries[i] = entry;
    }
    return entries;
  }();
  std::uint32_t crc = ~before;
  for (const std::byte byte : bytes) {
    crc = table[(crc ^ static_cast<std::uint32_t>(byte)) & 0xFFU] ^ (crc >> 8U);
  }
  return ~crc;
}

}  // namespace millpond::streamer
