// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace millpond::bits {

constexpr std::uint32_t per_word = 32;

/// Whether the processor counts trailing zeros itself; else the compiler would call a library for it.
#if defined(__riscv) && !defined(__riscv_zbb)
constexpr bool counts_zeros = false;
#else
constexpr bool counts_zeros = true;
#endif

/// Where 2^i times the de Bruijn sequence below has i in its top five bits.
inline constexpr std::array<std::uint8_t, per_word> de_bruijn_index{
    0,  1,  28, 2,  29, 14, 24, 3, 30, 22, 20, 15, 25, 17, 4,  8,
    31, 27, 13, 23, 21, 19, 16, 7, 26, 12, 18, 6,  11, 5,  10, 9};

/// Index of the lowest set bit of a word that has one.
constexpr std::uint32_t lowest(std::uint32_t word) {
  if constexpr (counts_zeros) return static_cast<std::uint32_t>(std::countr_zero(word));
  return de_bruijn_index[((word & (0U - word)) * 0x077CB531U) >> 27U];
}

constexpr std::uint32_t withoutLowest(std::uint32_t word) { return word & (word - 1); }

constexpr std::uint32_t count(std::uint32_t word) { return static_cast<std::uint32_t>(std::popcount(word)); }

/// The `n` lowest bits, for n from 0 to 32.
constexpr std::uint32_t ones(std::size_t n) {
  return n >= per_word ? ~std::uint32_t{0} : (std::uint32_t{1} << n) - 1U;
}

/// The bits at which `length` adjacent set bits of `word` begin; length from 1 to 32, at most five steps.
constexpr std::uint32_t runStarts(std::uint32_t word, std::uint32_t length) {
  std::uint32_t covered = 1;
  while (covered < length) {
    const std::uint32_t step = covered < length - covered ? covered : length - covered;
    word &= word >> step;
    covered += step;
  }
  return word;
}

/// How many words hold a bit for each of `blocks`.
constexpr std::size_t words(std::size_t blocks) { return (blocks + per_word - 1) / per_word; }

}  // namespace millpond::bits
