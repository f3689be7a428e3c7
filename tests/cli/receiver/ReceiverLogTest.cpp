// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "cli/receiver/ReceiverLog.h"

namespace millpond::cli {
namespace {

using Kind = ReceiverLog::Kind;

class ReceiverLogTest : public ::testing::Test {
 protected:
  std::vector<std::string> lines_;
  ReceiverLog::Clock::time_point now_;
  ReceiverLog log_{[this](const std::string& line) { lines_.push_back(line); }, [this] { return now_; }};
};

TEST_F(ReceiverLogTest, LimitsLinesOfOneKindAndStreamAndLeavesOthersTheirs) {
  for (int i = 0; i < 20; ++i) log_.say(Kind::gap, 1, "a gap");
  EXPECT_EQ(lines_.size(), ReceiverLog::lines_alike);
  log_.say(Kind::end, 1, "an end");
  log_.say(Kind::gap, 2, "another's gap", "a peer");
  EXPECT_EQ(lines_.size(), ReceiverLog::lines_alike + 2);
  EXPECT_EQ(lines_.back(), "a peer: another's gap");
}

TEST_F(ReceiverLogTest, LeavesEachReasonItsLines) {
  for (int i = 0; i < 20; ++i) log_.say(Kind::refused, 0, "refused: after " + std::to_string(i) + " bytes");
  EXPECT_EQ(lines_.size(), ReceiverLog::lines_alike);
  log_.say(Kind::refused, 0, "refused: bad checksum", "another peer");
  EXPECT_EQ(lines_.back(), "another peer: refused: bad checksum");
}

TEST_F(ReceiverLogTest, LimitsLinesInAll) {
  for (std::uint64_t id = 0; id < 1000; ++id) log_.say(Kind::begin, id, "begins");
  EXPECT_EQ(lines_.size(), ReceiverLog::lines_in_all);
}

TEST_F(ReceiverLogTest, SaysInTheNextMinuteHowManyWereLeftOut) {
  for (int i = 0; i < 20; ++i) log_.say(Kind::gap, 1, "a gap");
  lines_.clear();
  now_ += ReceiverLog::period;
  log_.say(Kind::gap, 1, "a gap");
  EXPECT_EQ(lines_, (std::vector<std::string>{"left out 15 lines like those before", "a gap"}));
}

TEST_F(ReceiverLogTest, SaysAtTheEndHowManyWereLeftOut) {
  log_.tellLeftOut();
  EXPECT_TRUE(lines_.empty());
  for (int i = 0; i < 6; ++i) log_.say(Kind::gap, 1, "a gap");
  log_.tellLeftOut();
  log_.tellLeftOut();
  EXPECT_EQ(lines_.size(), 6U);
}

TEST(ReceiverLog, OutlivesALineThatCannotBeWritten) {
  bool full = true;
  std::vector<std::string> lines;
  ReceiverLog log([&](const std::string& line) {
    if (full) throw std::runtime_error("full");
    lines.push_back(line);
  });
  log.say(Kind::gap, 1, "a gap");
  log.tellLeftOut();
  full = false;
  log.tellLeftOut();
  EXPECT_EQ(lines, std::vector<std::string>{"left out 1 lines like those before"});
}

}  // namespace
}  // namespace millpond::cli
