// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "cli/LiveTable.h"

namespace millpond::cli {
namespace {

Progress halfWay() {
  Progress progress;
  progress.memory.audio = {.name = "audio", .block_size = 4096, .capacity = 4, .in_use = 2, .peak = 3};
  progress.memory.network = {.name = "network", .block_size = 20480, .capacity = 2, .in_use = 2, .peak = 2};
  progress.memory.general = {.name = "general", .block_size = 512, .capacity = 8, .in_use = 1, .peak = 1};
  progress.memory.heap = {.name = "heap", .block_size = 1, .capacity = 65536};
  progress.account.delivered = 8000;
  progress.total_samples = 16000;
  progress.seconds = 3;
  return progress;
}

TEST(LiveTable, ShowsBlocksAsCellsAndWhatIsLeft) {
  const std::string table = tableText(halfWay());
  EXPECT_NE(table.find("■■□□"), std::string::npos) << table;
  EXPECT_NE(table.find("■□□□□□□□"), std::string::npos) << table;
  EXPECT_NE(table.find("50 %  3 s left"), std::string::npos) << table;
  EXPECT_NE(table.find("exhausted"), std::string::npos) << table;
}

TEST(LiveTable, ScalesPoolsOfManyBlocks) {
  Progress progress = halfWay();
  progress.memory.audio.capacity = 1024;
  progress.memory.audio.in_use = 1;
  EXPECT_NE(tableText(progress).find("■□□□□□□□□□□□□□□□ "), std::string::npos);
}

TEST(LiveTable, SaysSoBeforeAnythingIsDelivered) {
  Progress progress = halfWay();
  progress.account.delivered = 0;
  EXPECT_NE(tableText(progress).find("waiting"), std::string::npos);
}

TEST(LiveTable, WritesLinesWithoutControlCharactersWhereThereIsNoTerminal) {
  std::FILE* const file = std::tmpfile();
  {
    LiveTable table(file);
    Progress progress = halfWay();
    for (progress.seconds = 0; progress.seconds < 5; progress.seconds += 0.5) table.show(progress);
    table.show(progress, true);
  }
  std::rewind(file);
  std::string text(10000, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace millpond::cli
