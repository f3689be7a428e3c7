// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "millpond/Hot.h"

namespace millpond::bits {

constexpr std::uint32_t per_word = 32;

/// Whether the processor counts trailing zeros itself (otherwise the compiler would call a library function),
/// and whether it rotates.
#if defined(__riscv) && !defined(__riscv_zbb)
constexpr bool counts_zeros = false;
constexpr bool rotates = false;
#else
constexpr bool counts_zeros = true;
constexpr bool rotates = true;
#endif

/// Indexed by the top five bits of 2^i times the de Bruijn sequence below: contains i.
MILLPOND_HOT_DATA inline constexpr std::uint8_t de_bruijn_index[per_word] = {
    0,  1,  28, 2,  29, 14, 24, 3, 30, 22, 20, 15, 25, 17, 4,  8,
    31, 27, 13, 23, 21, 19, 16, 7, 26, 12, 18, 6,  11, 5,  10, 9};

MILLPOND_INLINE constexpr std::uint32_t deBruijnSequence() {
  std::uint32_t sequence = 0x077CB531;
  // Makes a function that needs the value twice keep it, instead of building it twice with two instructions.
  if (!__builtin_is_constant_evaluated()) asm("" : "+r"(sequence));
  return sequence;
}

MILLPOND_INLINE constexpr std::uint32_t withoutLowest(std::uint32_t word) { return word & (word - 1); }

/// As `withoutLowest`, for `Word::update`.
inline constexpr auto takeLowest = [](std::uint32_t word) MILLPOND_INLINED { return withoutLowest(word); };

MILLPOND_INLINE constexpr std::uint32_t lowestBit(std::uint32_t word) { return word & (0 - word); }

/// Index of the lowest set bit of a word. Requires: a set bit, and none from bit `width` on.
template <std::size_t width = per_word>
MILLPOND_INLINE constexpr std::uint32_t lowest(std::uint32_t word) {
  if constexpr (counts_zeros) return static_cast<std::uint32_t>(__builtin_ctz(word));
  const std::uint32_t bit = lowestBit(word);
  if constexpr (width <= 4) return (bit >> 1U) - (bit >> 3U);  // 1, 2, 4, 8 -> 0, 1, 2, 3
  return de_bruijn_index[(bit * deBruijnSequence()) >> 27U];
}

/// The number of set bits, by pairwise addition: most cores have no instruction for it, and the compiler
/// would call a library function. `count` is the same, not inlined: the fast path does not need it.
MILLPOND_INLINE constexpr std::uint32_t countInline(std::uint32_t word) {
  word -= (word >> 1U) & 0x55555555U;
  word = (word & 0x33333333U) + ((word >> 2U) & 0x33333333U);
  word = (word + (word >> 4U)) & 0x0F0F0F0FU;
  return (word * 0x01010101U) >> 24U;
}
[[gnu::noinline]] MILLPOND_HOT constexpr std::uint32_t count(std::uint32_t word) { return countInline(word); }

/// The `n` lowest bits, for n from 1 to 32.
MILLPOND_INLINE constexpr std::uint32_t ones(std::size_t n) { return ~std::uint32_t{0} >> (per_word - n); }

/// `length` adjacent bits, at least 1, from `first` on; none of them is beyond the word.
MILLPOND_INLINE constexpr std::uint32_t run(std::uint32_t first, std::uint32_t length) {
  return (first << (length - 1) << 1U) - first;
}

/// The bits at which `length` adjacent set bits of `word` begin; length from 1 to 32, at most five steps.
MILLPOND_INLINE constexpr std::uint32_t runStarts(std::uint32_t word, std::uint32_t length) {
  while (length > 1) {
    const std::uint32_t half = length / 2;
    word &= word >> half;
    length -= half;
  }
  return word;
}

/// The number of words that hold a bit for each of `blocks`.
MILLPOND_INLINE constexpr std::size_t words(std::size_t blocks) { return (blocks + per_word - 1) / per_word; }

}  // namespace millpond::bits
