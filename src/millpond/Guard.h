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
  /// The word behind what was asked for is checked when the block is freed, and by `validate`. Not seen: a
  /// write past the end of a block that the request fills, which has no such word, or before a block. A
  /// shared block is not freed under its other owners by a raw `deallocate`.
  light,
  /// The word before a block and the word behind its end are checked too, whatever was asked for. They lie in
  /// a fence of `MemoryConfig::alignment` bytes before the first block and behind each. A run of
  /// the general pool grants that many bytes less; for blocks of the other pools it is additional RAM.
  fenced,
  /// A freed block is poisoned, rests a while before it is used again, and bytes written into it meanwhile
  /// are seen when it is next taken.
  full,
};

namespace guard {

/// No breach. Offsets are counted from a block's start, so that those before it wrap.
inline constexpr std::size_t intact = ~(~std::size_t{0} >> 1U);
/// Bytes before a block that are its own under `Guards::fenced`.
inline constexpr std::size_t front = 4;
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
MILLPOND_HOT [[gnu::always_inline]] inline void seal(std::byte* block, std::size_t size,
                                                     std::size_t granted) {
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

/// Effect: marks the words before and behind the block.
MILLPOND_HOT inline void sealFence(std::byte* block, std::size_t granted) {
  wordAt(block - front, 0).store(canary, std::memory_order_relaxed);
  wordAt(block, granted).store(canary, std::memory_order_relaxed);
}

/// Whether the words before and behind the block are as `sealFence` left them.
MILLPOND_HOT inline bool isFenced(std::byte* block, std::size_t granted) {
  return wordAt(block - front, 0).load(std::memory_order_relaxed) == canary &&
         wordAt(block, granted).load(std::memory_order_relaxed) == canary;
}

/// As `firstBreach`, then behind the block's end and before its start. Requires: the block is fenced.
MILLPOND_HOT std::size_t firstFencedBreach(std::byte* block, std::size_t size, std::size_t granted);

/// Returns: the offset of the first byte of a free block that is not `poison_byte`, or `intact`.
MILLPOND_HOT std::size_t firstStain(const std::byte* block, std::size_t granted);

}  // namespace guard

}  // namespace millpond
