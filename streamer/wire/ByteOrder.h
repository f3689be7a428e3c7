// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <span>

namespace millpond::streamer {

static_assert(std::endian::native == std::endian::little,
              "the wire is little-endian, and samples are copied to it as they lie in memory");

/// Effect: writes `value` little-endian at the front of `bytes`. Requires: bytes.size() >= sizeof(T).
template <std::unsigned_integral T>
constexpr void store(std::span<std::byte> bytes, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    bytes[i] = static_cast<std::byte>(value >> (8U * i));
  }
}

/// Returns: the little-endian value at the front of `bytes`. Requires: bytes.size() >= sizeof(T).
template <std::unsigned_integral T>
constexpr T load(std::span<const std::byte> bytes) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value | static_cast<T>(static_cast<T>(bytes[i]) << (8U * i)));
  }
  return value;
}

}  // namespace millpond::streamer
