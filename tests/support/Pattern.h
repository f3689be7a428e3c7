// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace millpond::test {

/// The byte that `tag`'s pattern has at `offset`: no two tags below 251 agree on any byte.
constexpr std::byte patternByte(std::uint32_t tag, std::size_t offset) {
  return static_cast<std::byte>((tag + offset * 7) % 251);
}

inline std::span<std::byte> bytesOf(void* memory, std::size_t size) {
  return {static_cast<std::byte*>(memory), size};
}

/// Effect: writes `tag`'s pattern from the first byte to the last.
inline void fill(std::span<std::byte> bytes, std::uint32_t tag) {
  for (std::size_t offset = 0; offset < bytes.size(); ++offset) bytes[offset] = patternByte(tag, offset);
}

/// Whether every byte still is as `fill` left it.
inline bool isIntact(std::span<const std::byte> bytes, std::uint32_t tag) {
  for (std::size_t offset = 0; offset < bytes.size(); ++offset) {
    if (bytes[offset] != patternByte(tag, offset)) return false;
  }
  return true;
}

}  // namespace millpond::test
