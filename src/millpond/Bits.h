// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace millpond::bits {

constexpr std::uint32_t per_word = 32;

/// Index of the lowest set bit of a word that has one.
constexpr std::uint32_t lowest(std::uint32_t word) {
  return static_cast<std::uint32_t>(std::countr_zero(word));
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
