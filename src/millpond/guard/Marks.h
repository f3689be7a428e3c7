// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "millpond/Guards.h"
#include "millpond/Hot.h"
#include "millpond/base/Require.h"

namespace millpond::guard {

/// No breach. Offsets are relative to a block's start, so those before it wrap.
inline constexpr std::size_t intact = ~(~std::size_t{0} >> 1U);
/// Bytes before a block that belong to it under `Guards::fenced`.
inline constexpr std::size_t front = 4;
inline constexpr std::uint32_t canary = 0xC3A5D75A;
inline constexpr std::byte poison_byte{0xDB};
inline constexpr std::uint32_t poison = 0xDBDBDBDB;

/// The part of a word that is in memory from byte `at` on; the rest is shifted out. Requires: at < 4.
MILLPOND_INLINE constexpr std::uint32_t fromByte(std::uint32_t word, std::size_t at) {
  return std::endian::native == std::endian::little ? word >> (8 * at) : word << (8 * at);
}

/// Byte `at` of a word in memory order. Requires: at < 4.
constexpr std::byte byteOf(std::uint32_t word, std::size_t at) {
  return static_cast<std::byte>(word >> (8 * (std::endian::native == std::endian::little ? at : 3 - at)));
}

/// Access to a word of a block. The accesses are atomic, because `MemoryManager::validate` reads the marks of
/// blocks that other callers take.
MILLPOND_INLINE void mark(std::byte* block, std::size_t at, std::uint32_t mark) {
  __atomic_store_n(reinterpret_cast<std::uint32_t*>(block + at), mark, __ATOMIC_RELAXED);
}
MILLPOND_INLINE std::uint32_t markAt(const std::byte* block, std::size_t at) {
  return __atomic_load_n(reinterpret_cast<const std::uint32_t*>(block + at), __ATOMIC_RELAXED);
}

/// Effect: marks the slack of a block: from the end of the `size` requested bytes to the start of the next
/// word, and one more word. Requires: nothing was written to the block yet; `block` and `granted` are
/// multiples of 4, size <= granted.
MILLPOND_INLINE void seal(std::byte* block, std::size_t size, std::size_t granted) {
  MILLPOND_REQUIRE(size <= granted && granted % 4 == 0);
  std::size_t at = size & ~std::size_t{3};
  if (at != size) {
    mark(block, at, canary);
    at += sizeof(canary);
  }
  if (at != granted) mark(block, at, canary);
}

/// Whether the slack is as `seal` left it. Requires: no concurrent writes to the block.
MILLPOND_INLINE bool isSealed(std::byte* block, std::size_t size, std::size_t granted) {
  std::size_t at = size & ~std::size_t{3};
  if (at != size) {
    const std::uint32_t changed = markAt(block, at) ^ canary;
    if (fromByte(changed, size - at) != 0) return false;
    at += sizeof(canary);
  }
  return at == granted || markAt(block, at) == canary;
}

/// Returns: the offset of the first byte that is no longer as `seal` left it, or `intact`. Others may write
/// to the requested bytes, and to all bytes if the block changes hands, which the caller must detect.
MILLPOND_HOT std::size_t firstBreach(std::byte* block, std::size_t size, std::size_t granted);

/// Effect: marks the words before and after the block.
MILLPOND_HOT inline void sealFence(std::byte* block, std::size_t granted) {
  mark(block - front, 0, canary);
  mark(block, granted, canary);
}

/// Whether the words before and after the block are as `sealFence` left them.
MILLPOND_HOT inline bool isFenced(std::byte* block, std::size_t granted) {
  return markAt(block - front, 0) == canary && markAt(block, granted) == canary;
}

/// As `firstBreach`, then after the block's end and before its start. Requires: the block is fenced.
MILLPOND_HOT std::size_t firstFencedBreach(std::byte* block, std::size_t size, std::size_t granted);

/// Returns: the offset of the first byte of a free block that is not `poison_byte`, or `intact`.
MILLPOND_HOT std::size_t firstStain(const std::byte* block, std::size_t granted);

}  // namespace millpond::guard
