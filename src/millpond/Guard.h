// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "millpond/Hot.h"

namespace millpond {

/// How closely a pool watches over its blocks. Each tier includes those before it; all are constant-time, the
/// last one in proportion to the block's size. docs/pressure.md has their measured price.
enum class Guards : std::uint8_t {
  /// Second, foreign and interior frees are refused: that is always so.
  none,
  /// Bytes written past what was asked for are seen when the block is freed, or by `validate`; and a shared
  /// block is not freed under its other owners by a raw `deallocate`.
  light,
  /// A freed block is poisoned, rests a while before it is used again, and bytes written into it meanwhile
  /// are seen when it is next taken.
  full,
};

namespace guard {

inline constexpr std::size_t intact = ~std::size_t{0};
inline constexpr std::uint32_t canary = 0xC3A5D75A;
inline constexpr std::byte poison_byte{0xDB};
inline constexpr std::uint32_t poison = 0xDBDBDBDB;

/// What of a word lies in memory from its byte `at` on, the rest shifted out. Requires: at < 4.
constexpr std::uint32_t fromByte(std::uint32_t word, std::size_t at) {
  return std::endian::native == std::endian::little ? word >> (8 * at) : word << (8 * at);
}

/// Byte `at` of a word as it lies in memory. Requires: at < 4.
constexpr std::byte byteOf(std::uint32_t word, std::size_t at) {
  return static_cast<std::byte>(word >> (8 * (std::endian::native == std::endian::little ? at : 3 - at)));
}

/// A word of a block. The accesses are atomic, because `MemoryManager::validate` reads the marks of blocks
/// that others take.
inline std::atomic_ref<std::uint32_t> wordAt(std::byte* block, std::size_t at) {
  return std::atomic_ref(*reinterpret_cast<std::uint32_t*>(block + at));
}

/// Effect: marks the slack of a block: from the `size` bytes asked for to the next word's start, and one word
/// more. Requires: nobody has written to the block; `block` and `granted` are multiples of 4, size <=
/// granted.
MILLPOND_HOT inline void seal(std::byte* block, std::size_t size, std::size_t granted) {
  std::size_t at = size & ~std::size_t{3};
  if (at != size) {
    wordAt(block, at).store(canary, std::memory_order_relaxed);
    at += sizeof(canary);
  }
  if (at != granted) wordAt(block, at).store(canary, std::memory_order_relaxed);
}

/// Whether the slack is as `seal` left it. Requires: nobody writes to the block.
MILLPOND_HOT inline bool isSealed(std::byte* block, std::size_t size, std::size_t granted) {
  std::size_t at = size & ~std::size_t{3};
  if (at != size) {
    const std::uint32_t changed = wordAt(block, at).load(std::memory_order_relaxed) ^ canary;
    if (fromByte(changed, size - at) != 0) return false;
    at += sizeof(canary);
  }
  return at == granted || wordAt(block, at).load(std::memory_order_relaxed) == canary;
}

/// Returns: the offset of the first byte that no longer is as `seal` left it, or `intact`. Others may
/// write to the bytes asked for, and to all where the block changes hands: then the caller has to see that.
MILLPOND_HOT std::size_t firstBreach(std::byte* block, std::size_t size, std::size_t granted);

/// Returns: the offset of the first byte of a free block that is not `poison_byte`, or `intact`.
MILLPOND_HOT std::size_t firstStain(const std::byte* block, std::size_t granted);

}  // namespace guard

}  // namespace millpond
