// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "cli/commands/OptionValues.h"

namespace millpond::cli {
namespace {

/// What `text` becomes, or why it is refused.
std::string taken(const CLI::Validator& validator, std::string text) {
  const std::string refusal = validator(text);
  return refusal.empty() ? text : "refused: " + refusal;
}

TEST(OptionValues, RefuseWhatIsNoNumberOfTheRange) {
  for (const char* text :
       {"", "nan", "-nan", "inf", "-inf", "-1", "0x10", "1_0", " 1", "1 ", "1e999", "one", "11", "1;"}) {
    for (const CLI::Validator& validator : {numberFrom(0, 10), wholeNumberFrom(0, 10)})
      EXPECT_TRUE(taken(validator, text).starts_with("refused: ")) << text;
  }
  EXPECT_EQ(taken(numberFrom(0.5, 3), "nan"), "refused: nan is not a number from 0.5 to 3");
  EXPECT_EQ(taken(wholeNumberFrom(1, 3), ""), "refused: an empty value is not a whole number from 1 to 3");
  EXPECT_EQ(taken(wholeNumberFrom(1, 3), "1.5"), "refused: 1.5 is not a whole number from 1 to 3");
}

TEST(OptionValues, TakeTheLimitsThemselves) {
  EXPECT_EQ(taken(numberFrom(0.5, 3), "0.5"), "0.5");
  EXPECT_EQ(taken(numberFrom(0.5, 3), "3"), "3");
  EXPECT_EQ(taken(wholeNumberFrom(0, UINT64_MAX), "18446744073709551615"), "18446744073709551615");
  EXPECT_TRUE(taken(wholeNumberFrom(0, UINT64_MAX), "18446744073709551616").starts_with("refused"));
}

TEST(OptionValues, TakeDiskSpaceWithItsUnit) {
  EXPECT_EQ(taken(diskSpace(), "2GiB"), "2147483648");
  EXPECT_EQ(taken(diskSpace(), "1.5MiB"), "1572864");
  EXPECT_EQ(taken(diskSpace(), "1024TiB"), "1125899906842624");
  for (const char* text : {"", "2", "2GB", "2 GiB", "-1GiB", "0B", "GiB", "1025TiB", "nanGiB"}) {
    EXPECT_EQ(
        taken(diskSpace(), text),
        "refused: " + std::string(*text == 0 ? "an empty value" : text) +
            " is not a size from 1B to 1024TiB: give a number and B, KiB, MiB, GiB or TiB, such as 2GiB");
  }
}

TEST(OptionValues, ShowTheirRangeInTheHelp) {
  EXPECT_EQ(numberFrom(0.01, 3600).get_description(), "0.01 to 3600");
  EXPECT_EQ(wholeNumberFrom(1, 100000).get_description(), "1 to 100000");
}

TEST(OptionValues, AreDecimalWhateverTheyBeginWith) { EXPECT_EQ(taken(wholeNumberFrom(0, 99), "010"), "10"); }

}  // namespace
}  // namespace millpond::cli
