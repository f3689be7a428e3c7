// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "millpond/Bits.h"
#include "millpond/port/Port.h"

namespace millpond {

/// The bitmap that is a pool's whole state: a set bit for each free block, 32 to a word.
namespace freemap {

/// The set bits of word number `word` when all of `blocks` blocks are free.
constexpr std::uint32_t full(std::size_t blocks, std::size_t word) {
  return bits::ones(blocks - word * bits::per_word);
}

/// Effect: marks all of `blocks` blocks free, and with them publishes what the caller wrote before.
inline void fill(Word* words, std::size_t blocks) {
  for (std::size_t word = 0; word < bits::words(blocks); ++word) words[word].setBits(full(blocks, word));
}

/// Effect: takes all of `blocks` blocks, if all are free; else none. Returns: whether they were.
inline bool takeAll(Word* words, std::size_t blocks) {
  for (std::size_t word = 0; word < bits::words(blocks); ++word) {
    const std::uint32_t all = full(blocks, word);
    const std::uint32_t seen =
        words[word].update([all](std::uint32_t free) { return free == all ? 0 : free; });
    if (seen == all) continue;
    while (word-- > 0) words[word].setBits(full(blocks, word));
    return false;
  }
  return true;
}

/// Blocks held just now, of `blocks`.
inline std::uint32_t held(const Word* words, std::size_t blocks) {
  auto held = static_cast<std::uint32_t>(blocks);
  for (std::size_t word = 0; word < bits::words(blocks); ++word) held -= bits::count(words[word].load());
  return held;
}

/// Whether block `index` is held just now.
inline bool isHeld(const Word* words, std::uint32_t index) {
  return ((words[index / bits::per_word].load() >> (index % bits::per_word)) & 1U) == 0;
}

}  // namespace freemap

/// What a pool of `blocks` blocks owns: its memory, and `words` words of state.
template <std::size_t block_size, std::size_t blocks, std::size_t words, std::size_t alignment>
struct PoolStorage {
  std::array<Word, words> state;
  alignas(alignment) std::array<std::byte, block_size * blocks> memory;
};

}  // namespace millpond
