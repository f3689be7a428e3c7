// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "millpond/base/Bits.h"

namespace millpond {
namespace {

std::uint32_t runStartsBitByBit(std::uint32_t word, std::uint32_t length) {
  std::uint32_t starts = 0;
  for (std::uint32_t start = 0; start + length <= bits::per_word; ++start) {
    const auto run = static_cast<std::uint32_t>(((std::uint64_t{1} << length) - 1) << start);
    if ((word & run) == run) starts |= std::uint32_t{1} << start;
  }
  return starts;
}

TEST(Bits, LowestFindsEveryBitWhateverLiesAbove) {
  for (std::uint32_t bit = 0; bit < bits::per_word; ++bit) {
    EXPECT_EQ(bits::lowest(std::uint32_t{1} << bit), bit);
    EXPECT_EQ(bits::lowest(~std::uint32_t{0} << bit), bit);
  }
}

TEST(Bits, WithoutLowestClearsOneBitAndLeavesZero) {
  EXPECT_EQ(bits::withoutLowest(0), 0U);
  EXPECT_EQ(bits::withoutLowest(0x8000'0000), 0U);
  EXPECT_EQ(bits::withoutLowest(0b1011'0100), 0b1011'0000U);
  EXPECT_EQ(bits::withoutLowest(0xFFFF'FFFF), 0xFFFF'FFFEU);
}

TEST(Bits, OnesGivesThatManyLowBitsAndNeverMoreThanAWord) {
  EXPECT_EQ(bits::ones(1), 1U);
  EXPECT_EQ(bits::ones(31), 0x7FFF'FFFFU);
  EXPECT_EQ(bits::ones(32), 0xFFFF'FFFFU);
}

TEST(Bits, WordsRoundsUp) {
  EXPECT_EQ(bits::words(1), 1U);
  EXPECT_EQ(bits::words(32), 1U);
  EXPECT_EQ(bits::words(33), 2U);
  EXPECT_EQ(bits::words(1024), 32U);
}

TEST(Bits, RunStartsAgreesWithLookingAtEachBitForEveryLength) {
  std::uint32_t word = 0x9E37'79B9;
  for (int round = 0; round < 5000; ++round) {
    word = word * 1'664'525 + 1'013'904'223;
    const std::uint32_t dense = word | (word << 3U) | (word >> 7U);
    for (std::uint32_t length = 1; length <= bits::per_word; ++length) {
      ASSERT_EQ(bits::runStarts(word, length), runStartsBitByBit(word, length)) << word << " " << length;
      ASSERT_EQ(bits::runStarts(dense, length), runStartsBitByBit(dense, length)) << dense << " " << length;
    }
  }
}

TEST(Bits, RunStartsFindsARunThatFillsTheWordAndNoneThatIsOneTooLong) {
  for (std::uint32_t length = 1; length <= bits::per_word; ++length) {
    const std::uint32_t run = bits::ones(length);
    EXPECT_EQ(bits::runStarts(run, length), 1U);
    EXPECT_EQ(bits::runStarts(run << (bits::per_word - length), length),
              std::uint32_t{1} << (bits::per_word - length));
    if (length < bits::per_word) {
      EXPECT_EQ(bits::runStarts(run, length + 1), 0U);
    }
  }
}

}  // namespace
}  // namespace millpond
