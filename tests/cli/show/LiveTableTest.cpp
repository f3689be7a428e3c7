// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "cli/show/LiveTable.h"
#include "cli/show/TableText.h"
#include "tests/cli/support/Pty.h"
#include "tests/cli/support/Screen.h"

namespace millpond::cli {
namespace {

constexpr Terminal wide{.there = true, .moves = true, .colours = false, .columns = 80, .rows = 24};
constexpr const char* red = "\x1b[31m";

Progress halfWay() {
  Progress progress;
  progress.memory.audio = {.name = "audio", .block_size = 4096, .capacity = 4, .in_use = 2, .peak = 3};
  progress.memory.network = {.name = "network", .block_size = 20480, .capacity = 2, .in_use = 2, .peak = 2};
  progress.memory.general = {.name = "general", .block_size = 512, .capacity = 8, .in_use = 1, .peak = 1};
  progress.memory.pools = 3;
  progress.memory.heap = {.name = "heap", .block_size = 1, .capacity = 65536};
  progress.account.delivered = 8000;
  progress.uplink.connected = true;
  progress.uplink.delivered = 1;
  progress.general = {{"backlog", 1}};
  progress.total_samples = 16000;
  progress.seconds = 3;
  return progress;
}

Progress squeezed() {
  Progress progress = halfWay();
  progress.pressure = PressureLevel::critical;
  progress.squeeze = {.all = 204800, .free = 51200, .largest_free = 10240, .stressor = 102400};
  return progress;
}

/// What `progress` looks like on a terminal of that size, which nothing may leave at its side or top.
std::string shown(const Progress& progress, std::size_t columns, std::size_t rows) {
  Terminal terminal = wide;
  terminal.columns = columns;
  terminal.rows = rows;
  test::Screen screen(columns, rows);
  screen.write(tableText(progress, terminal));
  EXPECT_EQ(screen.wrapped(), 0U) << columns << " x " << rows << "\n" << screen.text();
  EXPECT_EQ(screen.scrolled(), 0U) << columns << " x " << rows << "\n" << screen.text();
  return screen.text();
}

void expectSaid(const std::string& text, std::initializer_list<const char*> parts) {
  for (const char* part : parts) EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
}

TEST(TableText, ShowsBlocksAsCellsAndWhatIsLeft) {
  expectSaid(tableText(halfWay(), wide), {"■■□□", "■□□□□□□□", "50 %  3 s left", "exhausted"});
}

TEST(TableText, ScalesPoolsOfManyBlocks) {
  Progress progress = halfWay();
  progress.memory.audio.capacity = 1024;
  progress.memory.audio.in_use = 1;
  expectSaid(tableText(progress, wide), {"■□□□□□□□□□□□□□□□ "});
}

TEST(TableText, ShowsEveryPoolThatHasBlocks) {
  Progress progress = halfWay();
  progress.memory.general.capacity = 0;
  progress.memory.more[0] = {.name = "a longer name", .block_size = 16720, .capacity = 2, .in_use = 1};
  progress.memory.pools = 4;
  for (std::size_t columns = 2; columns <= 100; ++columns) shown(progress, columns, 12);
  expectSaid(tableText(progress, wide), {"a longer name ■□"});
  expectSaid(shortText(progress, 80), {"a longer name 1/2"});
  expectSaid(lineText(progress), {"a longer name 1/2 (peak 0)"});
  for (const std::string& text : {shortText(progress, 80), tableText(progress, wide)})
    EXPECT_EQ(text.find("general 1"), std::string::npos) << text;
}

TEST(TableText, SaysSoBeforeAnythingIsDelivered) {
  Progress progress = halfWay();
  progress.account.delivered = 0;
  expectSaid(tableText(progress, wide), {"waiting"});
}

TEST(TableText, SaysWhoHoldsTheGeneralPoolAndThePressure) {
  Progress progress = halfWay();
  expectSaid(tableText(progress, wide), {"pressure normal; general: backlog 1"});
  progress.general.push_back({"uplink", 2});
  progress.pressure = PressureLevel::warning;
  expectSaid(tableText(progress, wide), {"pressure warning; general: backlog 1, uplink 2"});
  progress.general.clear();
  expectSaid(tableText(progress, wide), {"general: nobody"});
}

TEST(TableText, NeedsNoConnectionOnceAllIsDelivered) {
  Progress progress = halfWay();
  progress.uplink.connected = false;
  progress.total_samples.reset();  // as from a pipe
  expectSaid(tableText(progress, wide), {"not connected"});
  progress.complete = true;
  for (const std::string& text : {tableText(progress, wide), shortText(progress, 80), lineText(progress)})
    EXPECT_EQ(text.find("not connected"), std::string::npos) << text;
}

TEST(TableText, MarksALineThatIsCut) {
  Progress progress = halfWay();
  progress.general = {{"backlog", 1}, {"uplink", 2}, {"supervisor", 3}};
  expectSaid(shown(progress, 40, 12), {"  pressure normal; general: backlog 1,…"});
  EXPECT_EQ(tableText(progress, wide).find("…"), std::string::npos);
  EXPECT_EQ(shortText(progress, 12), "50 % 3 s le…");
}

TEST(TableText, ShowsHeapAndStressorOfASqueezedDevice) {
  expectSaid(tableText(squeezed(), wide),
             {"▒▒▒▒▒▒▒▒■■■■□□□□ 100 KiB stressor, 50 KiB free, 10 KiB at a piece"});
  EXPECT_EQ(tableText(halfWay(), wide).find("stressor"), std::string::npos);
}

TEST(TableText, SaysOnFileOnlyWhereTheReceiverSaidSo) {
  Progress progress = halfWay();
  expectSaid(tableText(progress, wide), {"1 on file"});
  progress.wire = streamer::Wire::raw;
  for (const std::string& text : {tableText(progress, wide), shortText(progress, 80), lineText(progress)}) {
    expectSaid(text, {"1 taken by TCP"});
    EXPECT_EQ(text.find("on file"), std::string::npos) << text;
  }
}

TEST(TableText, FitsEveryTerminal) {
  for (const Progress& progress : {halfWay(), squeezed()}) {
    for (std::size_t columns = 2; columns <= 100; ++columns) {
      for (std::size_t rows = 2; rows <= 12; ++rows) shown(progress, columns, rows);
    }
  }
}

TEST(TableText, KeepsWhatMattersMostInFortyColumnsAndEightLines) {
  expectSaid(shown(squeezed(), 40, 8),
             {"audio    ■■□□     ", "  2/4", "peak 3", "network", "general", "100 KiB stressor",
              "pressure critical", "1 on file", "50 %  3 s left"});
}

TEST(TableText, IsOneLineWhereATableHasNoRoom) {
  for (const auto& [columns, rows] : {std::pair(80, 3), std::pair(39, 24)}) {
    const std::string text =
        shown(halfWay(), static_cast<std::size_t>(columns), static_cast<std::size_t>(rows));
    EXPECT_EQ(text.find("50 % 3 s left, 1 on file"), 0U) << text;
    EXPECT_EQ(text.find_first_not_of('\n', text.find('\n')), std::string::npos) << text;
  }
}

TEST(TableText, IsRedWhereSomethingIsWrong) {
  Terminal coloured = wide;
  coloured.colours = true;
  EXPECT_EQ(tableText(halfWay(), coloured).find(red), std::string::npos);
  std::vector<Progress> wrong(6, halfWay());
  wrong[0].memory.audio.exhausted = 3;
  wrong[1].memory.network.fallbacks = 3;
  wrong[2].account.dropped = 100;
  wrong[3].uplink.connected = false;
  wrong[4].pressure = PressureLevel::warning;
  wrong[5].memory.heap.in_use = 3;
  for (const Progress& progress : wrong) {
    EXPECT_NE(tableText(progress, coloured).find(red), std::string::npos) << tableText(progress, wide);
    EXPECT_EQ(tableText(progress, wide).find(red), std::string::npos);
  }
}

/// With an environment of a usual terminal's.
class LiveTableTest : public ::testing::Test {
 protected:
  void SetUp() override {
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
  }
};

TEST_F(LiveTableTest, RedrawsInPlace) {
  const test::Pty pty(40, 8);
  test::Screen screen(40, 8);
  LiveTable table(pty.out());
  Progress progress = squeezed();
  for (int i = 0; i < 5; ++i) {
    table.show(progress);
    screen.write(pty.read());
  }
  EXPECT_EQ(screen.scrolled(), 0U);
  EXPECT_EQ(screen.wrapped(), 0U);
  const auto lines = screen.lines();
  EXPECT_EQ(
      std::count_if(lines.begin(), lines.end(), [](const auto& line) { return line.starts_with("  audio"); }),
      1)
      << screen.text();
  progress.squeeze.reset();  // a line less
  table.show(progress);
  screen.write(pty.read());
  EXPECT_EQ(screen.text().find("stressor"), std::string::npos) << screen.text();
}

TEST_F(LiveTableTest, FitsATerminalThatChangesItsSize) {
  const test::Pty pty(100, 30);
  LiveTable table(pty.out());
  table.show(squeezed());
  pty.read();
  pty.resize(40, 8);
  test::Screen screen(40, 8);
  screen.write("left over\nleft over\nleft over\n");
  for (int i = 0; i < 3; ++i) {
    table.show(squeezed());
    screen.write(pty.read());
  }
  EXPECT_EQ(screen.text().find("left over"), std::string::npos) << screen.text();
  EXPECT_EQ(screen.scrolled() + screen.wrapped(), 0U) << screen.text();
}

TEST_F(LiveTableTest, WritesLinesThatFitADumbTerminal) {
  setenv("TERM", "dumb", 1);
  const test::Pty pty(40, 8);
  test::Screen screen(40, 8);
  LiveTable table(pty.out());
  Progress progress = squeezed();
  for (progress.seconds = 0; progress.seconds < 5; progress.seconds += 0.5) table.show(progress);
  const std::string written = pty.read();
  screen.write(written);
  EXPECT_EQ(written.find('\x1b'), std::string::npos) << written;
  EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 3);
  EXPECT_EQ(screen.wrapped(), 0U) << written;
}

TEST_F(LiveTableTest, HasNoColoursWhereTheyAreNotWanted) {
  const test::Pty pty(80, 24);
  LiveTable(pty.out()).show(squeezed());
  EXPECT_NE(pty.read().find(red), std::string::npos);
  setenv("NO_COLOR", "1", 1);
  LiveTable(pty.out()).show(squeezed());
  EXPECT_EQ(pty.read().find(red), std::string::npos);
}

TEST_F(LiveTableTest, PutsALineInItsPlaceAndGoesOnBelow) {
  const test::Pty pty(80, 24);
  test::Screen screen(80, 24);
  LiveTable table(pty.out());
  table.show(halfWay());
  testing::internal::CaptureStderr();
  table.say("news");
  screen.write(pty.read());
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "news\n");
  screen.write("news\n");
  table.show(halfWay());
  screen.write(pty.read());
  EXPECT_EQ(screen.lines()[0], "news");
  EXPECT_EQ(screen.lines()[1].find("  pool"), 0U) << screen.text();
}

TEST_F(LiveTableTest, WritesLinesWithoutControlCharactersWhereThereIsNoTerminal) {
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
