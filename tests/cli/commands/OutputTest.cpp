// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <thread>
#include <utility>

#include "tests/cli/support/Audio.h"
#include "tests/cli/support/Command.h"
#include "tests/cli/support/Pty.h"
#include "tests/cli/support/Screen.h"
#include "tests/support/TempFolder.h"

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

/// Returns: what is left of a command whose standard output is on a full disk.
Finished runOnFullDisk(const std::vector<std::string>& arguments) {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  Process process(millpond(arguments), false, full);
  close(full);
  return process.wait();
}

/// `arguments` by a shell that does `redirection` before.
std::vector<std::string> redirected(const std::string& redirection,
                                    const std::vector<std::string>& arguments) {
  std::vector<std::string> all{"/bin/sh", "-c", "exec \"$0\" \"$@\" " + redirection};
  const std::vector<std::string> command = millpond(arguments);
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

void expectOutputFailed(const Finished& finished, const std::string& reason) {
  EXPECT_EQ(finished.status, 1);
  EXPECT_EQ(finished.err, "millpond: cannot write to standard output: " + reason + "\n");
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
  expectOutputFailed(runOnFullDisk({"soak", "--days", "0.001"}), "No space left on device");
}

TEST(Output, ThatCannotBeWrittenDoesNotStopTheSound) {
  for (const std::string how : {"full", "closed"}) {
    const TempFolder folder;
    ReceiveProcess receiver(folder.path(), "127.0.0.1:0");
    const std::vector<std::string> stream{"stream", "--to",  receiver.address(), "--tone", "2", "--speed",
                                          "20",     "--wait"};
    if (how == "full") expectOutputFailed(runOnFullDisk(stream), "No space left on device");
    if (how == "closed") expectOutputFailed(runToEnd(redirected(">&-", stream)), "Bad file descriptor");
    receiver.signal(SIGTERM);
    const nlohmann::json got = parse(receiver.wait().out)["streams"][0];
    EXPECT_EQ(got["samples_written"], 32000) << how;
    EXPECT_EQ(got["ended"], true) << how;
  }
}

TEST(Output, ThatCannotBeWrittenDoesNotStopARun) {
  const TempFolder folder;
  expectOutputFailed(runOnFullDisk({"run", "--tone", "1", "--speed", "max", "--out", folder.path().string()}),
                     "No space left on device");
  EXPECT_EQ(readOnlyWav(folder.path()).size(), 16000U);
}

TEST(Output, ThatCannotBeWrittenIsAnErrorOfHelpAndVersionAsWell) {
  for (const char* option : {"--help", "--version"})
    expectOutputFailed(runOnFullDisk({option}), "No space left on device");
}

TEST(Output, ThatIsClosedIsNoFileOfTheProgramsOwn) {
  const TempFolder folder;
  for (const auto& [descriptor, redirection] :
       {std::pair(0, "<&-"), std::pair(1, ">&-"), std::pair(2, "2>&-")}) {
    Process process(
        redirected(redirection, {"receive", "--listen", "127.0.0.1:0", "--out", folder.path().string()}),
        true);
    const std::string link = "/proc/" + std::to_string(process.id()) + "/fd/" + std::to_string(descriptor);
    std::error_code ignored;
    EXPECT_TRUE(eventually([&] { return std::filesystem::read_symlink(link, ignored) == "/dev/null"; },
                           std::chrono::seconds(5)))
        << link;
  }
}

TEST(Output, OfJsonIsWholeWhateverTheNames) {
  const TempFolder folder;
  const std::string out = (folder / "o\xff").string();
  const Finished run = runToEnd(millpond({"run", "--tone", "1", "--speed", "max", "--out", out, "--json"}));
  EXPECT_EQ(run.status, 0) << run.err;
  const std::string file = parse(run.out)["receiver"]["streams"][0]["files"][0];
  EXPECT_NE(file.find("/o\uFFFD/"), std::string::npos) << file;

  ReceiveProcess receiver(out, "127.0.0.1:0", {"--once"});
  const std::string in = (folder / "z\xff.wav").string();
  writeWav(in, noise(1000));
  std::filesystem::resize_file(in, 44 + 1000);  // which is worth a warning
  const Finished stream =
      runToEnd(millpond({"stream", "--to", receiver.address(), "--input", in, "--speed", "max", "--json"}));
  EXPECT_EQ(stream.status, 0) << stream.err;
  const std::string warning = parse(stream.out)["warnings"][0];
  EXPECT_NE(warning.find("z\uFFFD.wav"), std::string::npos) << warning;
  EXPECT_EQ(parse(receiver.wait().out)["streams"][0]["samples_written"], 500);
}

TEST(Output, OfJsonIsDocumentedKeyForKey) {
  std::ifstream file(std::string(MILLPOND_DOCS) + "/command.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const TempFolder folder;
  const Finished run =
      runToEnd(millpond({"run", "--tone", "1", "--speed", "max", "--out", folder.path().string(), "--json"}));
  const nlohmann::json json = parse(run.out);
  for (const auto& part : {json, json["pools"][0], json["receiver"], json["receiver"]["streams"][0]}) {
    for (const auto& [key, value] : part.items())
      EXPECT_NE(text.find("`" + key + "`"), std::string::npos) << key;
  }
}

TEST(Output, HelpHasTheRangeOfEveryNumber) {
  const auto expectHelp = [](const char* command, std::initializer_list<const char*> ranges) {
    const std::string help = runToEnd(millpond({command, "--help"})).out;
    for (const char* range : ranges)
      EXPECT_NE(help.find(range), std::string::npos) << range << " in\n" << help;
  };
  expectHelp("stream", {"0.001 to 14400, or endless", "63 to 4096000", "1 to 1024", "1 to 3600000",
                        "0.01 to 3600", "0 to 86400"});
  expectHelp("compare", {"0.0001 to 36500", "1 to 100000", "1 to 1024"});
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

/// A device that streams until it is told to end, and its receiver; `before` is what a shell does first.
struct EndlessStream {
  explicit EndlessStream(const std::string& before = "") : device(arguments(before)) {
    EXPECT_TRUE(eventually([&] { return receiver.err().find(" begins") != std::string::npos; }));
  }
  std::vector<std::string> arguments(const std::string& before) const {
    std::vector<std::string> all =
        redirected("", {"stream", "--to", receiver.address(), "--tone", "endless", "--json"});
    all[2].insert(0, before);
    return all;
  }

  TempFolder folder;
  ReceiveProcess receiver{folder.path(), "127.0.0.1:0"};
  Process device;
};

TEST(Output, OfADeviceThatIsHungUpIsWhole) {
  EndlessStream stream;
  stream.device.signal(SIGHUP);
  const Finished finished = stream.device.wait();
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_GT(parse(finished.out)["samples_in"], 0);
}

TEST(Output, OfADeviceGoesOnWhereHangupsAreIgnored) {
  EndlessStream stream("trap '' HUP; ");
  stream.device.signal(SIGHUP);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_TRUE(stream.device.running());
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
