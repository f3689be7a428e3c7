// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "command/Command.h"
#include "support/Pty.h"
#include "support/Screen.h"
#include "support/TempFolder.h"

namespace millpond::test {
namespace {

/// Returns: what is left of a command whose standard output nobody reads any more.
Finished runUnread(const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  close(ends[0]);
  Process process(millpond(arguments), false, ends[1]);
  close(ends[1]);
  return process.wait();
}

TEST(Output, ThatNobodyReadsToTheEndIsNoError) {
  const TempFolder folder;
  const std::vector<std::vector<std::string>> commands{
      {"--help"},
      {"run", "--tone", "1", "--speed", "max", "--out", folder.path().string()},
      {"run", "--tone", "1", "--speed", "max", "--json", "--out", folder.path().string()},
      {"soak", "--days", "0.001"},
      {"compare", "--days", "0.001", "--seeds", "4", "--policy", "pools", "--json"},
  };
  for (const std::vector<std::string>& command : commands) {
    const Finished finished = runUnread(command);
    EXPECT_EQ(finished.status, 0) << command[0];
    EXPECT_EQ(finished.err.find("cannot write"), std::string::npos) << finished.err;
  }
}

TEST(Output, ThatCannotBeWrittenIsAnError) {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  const Finished finished = Process(millpond({"soak", "--days", "0.001"}), false, full).wait();
  close(full);
  EXPECT_EQ(finished.status, 1);
  EXPECT_NE(finished.err.find("cannot write to standard output: No space left"), std::string::npos)
      << finished.err;
}

TEST(Output, FitsASmallTerminalToTheEnd) {
  setenv("TERM", "xterm", 1);
  const TempFolder folder;
  const Pty pty(40, 8);
  Screen screen(40, 8);
  Process process(
      millpond({"run", "--tone", "30", "--speed", "40", "--wait", "--out", folder.path().string()}), false,
      pty.descriptor());
  std::string written;
  while (process.running()) {
    written += pty.read();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  written += pty.read();
  // The table, not the lines before and after it.
  const std::size_t start = written.find("\x1b[2K");
  screen.write(written.substr(start, written.find("samples in") - start));
  EXPECT_EQ(screen.wrapped(), 0U) << screen.text();
  EXPECT_EQ(process.wait().status, 0) << written;
  EXPECT_NE(written.find("100 %"), std::string::npos);
}

TEST(Output, SaysThatARunWasInterruptedOnTheLineOfItsVerdict) {
  const TempFolder folder;
  Process process(
      millpond({"run", "--tone", "600", "--speed", "1", "--wait", "--out", folder.path().string()}));
  ASSERT_TRUE(eventually([&] { return process.out().find(" %") != std::string::npos; }));
  process.signal(SIGINT);
  const Finished finished = process.wait();
  const std::size_t verdict = finished.out.find("  verdict ");
  ASSERT_NE(verdict, std::string::npos) << finished.out;
  EXPECT_NE(finished.out.find("interrupted", verdict), std::string::npos) << finished.out;
}

}  // namespace
}  // namespace millpond::test
