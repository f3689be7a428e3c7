// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>

#include "millpond/account/Ledger.h"

namespace millpond {
namespace {

class LedgerTest : public testing::Test {
 protected:
  void TearDown() override { Port::driveTicks(0); }

  std::uint64_t allocations() const {
    std::uint64_t total = ledger.carried();
    for (const Ledger::Entry& entry : entries) total += entry.generation.load();
    return total;
  }

  std::array<Ledger::Entry, 4> entries;
  Ledger ledger{entries.data()};
};

TEST_F(LedgerTest, StartsWithNothingEverHeld) { EXPECT_EQ(allocations(), 0U); }

TEST_F(LedgerTest, WritesDownWhoHoldsABlockSinceWhenAndHowMuchTheyAsked) {
  const char* const source = "capture";
  Port::driveTicks(1234);
  ledger.open(2, 700, source);
  EXPECT_EQ(ledger.at(2).source.load(), source);
  EXPECT_EQ(ledger.at(2).holding.size(), 700U);
  EXPECT_EQ(ledger.at(2).since.load(), 1234U);
  EXPECT_EQ(ledger.at(2).generation.load(), 1U);
}

TEST_F(LedgerTest, CountsEveryHoldingOfEveryBlock) {
  for (int round = 0; round < 5; ++round) ledger.open(0, 1, nullptr);
  for (int round = 0; round < 3; ++round) ledger.open(3, 1, nullptr);
  EXPECT_EQ(allocations(), 8U);
  EXPECT_EQ(ledger.at(0).generation.load(), 5U);
}

TEST_F(LedgerTest, LosesNoCountWhenAGenerationRunsOver) {
  entries[1].generation.store(UINT32_MAX - 1);
  EXPECT_TRUE(ledger.open(1, 1, nullptr));
  EXPECT_EQ(allocations(), UINT32_MAX);
  EXPECT_FALSE(ledger.open(1, 1, nullptr));
  ledger.carry(1);
  EXPECT_EQ(allocations(), std::uint64_t{UINT32_MAX} + 1);
  EXPECT_NE(ledger.at(1).generation.load(), 0U) << "0 means never held";
  ledger.open(1, 1, nullptr);
  EXPECT_EQ(allocations(), std::uint64_t{UINT32_MAX} + 2);
}

}  // namespace
}  // namespace millpond
