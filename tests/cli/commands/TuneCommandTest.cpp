// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/support/Command.h"
#include "tests/support/TempFolder.h"

namespace millpond::test {
namespace {

const std::filesystem::path docs = MILLPOND_DOCS;
constexpr std::uint64_t adr_answer = 57856;

std::string textOf(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// Runs a line of the shell in `folder`, with `millpond` as this build made it.
Finished shell(const std::filesystem::path& folder, const std::string& line) {
  std::ostringstream all;
  all << "cd " << folder << " && PATH=" << std::filesystem::path(MILLPOND_COMMAND).parent_path()
      << ":\"$PATH\"; " << line;
  return runToEnd({"/bin/sh", "-c", all.str()});
}

// The commands of docs/tuning.md, a line each.
std::vector<std::string> fiveCommands() {
  const std::string text = textOf(docs / "tuning.md");
  const std::size_t start = text.find("```\nmillpond ") + 4;
  std::istringstream block(text.substr(start, text.find("```", start) - start));
  std::vector<std::string> commands;
  for (std::string line; std::getline(block, line);) commands.push_back(line);
  return commands;
}

// Traces are made once for all tests.
class TuneCommand : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = new TempFolder;
    const Finished made = shell(folder->path(), "millpond soak --days 0.02 --trace short");
    ASSERT_EQ(made.status, 0) << made.err;
  }
  static void TearDownTestSuite() { delete folder; }

  static Finished tune(const std::string& arguments) {
    return shell(folder->path(), "millpond tune " + arguments);
  }
  static void expectRefused(const std::string& arguments, int status, const std::string& reason) {
    const Finished finished = tune(arguments);
    EXPECT_EQ(finished.status, status) << arguments << ": " << finished.err;
    EXPECT_NE(finished.err.find(reason), std::string::npos) << arguments << ": " << finished.err;
    EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
  }

  static TempFolder* folder;
};
TempFolder* TuneCommand::folder = nullptr;

TEST(TuningDocs, FiveCommandsLeadToATunedHeader) {
  const TempFolder folder;
  const std::vector<std::string> commands = fiveCommands();
  ASSERT_EQ(commands.size(), 5U);
  for (const std::string& command : commands) {
    const Finished finished = shell(folder.path(), command);
    ASSERT_EQ(finished.status, 0) << command << ": " << finished.err;
  }
  std::ofstream(folder / "device.cpp") << "#include \"pool_config.h\"\n"
                                          "static millpond::StaticMemoryManager<pool_config> memory;\n"
                                          "static_assert(pool_config.poolBytes() == "
                                       << adr_answer << ");\n";
  std::ostringstream compiler;
  compiler << "c++ -std=c++20 -Wall -Wextra -Werror -Wno-unused-variable -fsyntax-only -I" << docs / "../src"
           << " device.cpp";
  const Finished compiled = shell(folder.path(), compiler.str());
  EXPECT_EQ(compiled.status, 0) << compiled.err << textOf(folder / "pool_config.h");
}

TEST_F(TuneCommand, PrintsTheContractsKeys) {
  const Finished finished = tune("short --json");
  ASSERT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(finished.err, "");
  const nlohmann::json json = parse(finished.out);
  for (const char* key : {"pools", "bytes", "least_bytes", "present_bytes", "refused_in_replay", "horizon_s",
                          "risk", "abstained", "unseen", "model_free_risk"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  EXPECT_EQ(json["present_bytes"], 61440);
  EXPECT_EQ(json["refused_in_replay"], 0);
  ASSERT_EQ(json["pools"].size(), 3U);
  EXPECT_EQ(json["pools"][0]["name"], "audio");
  EXPECT_EQ(json["pools"][0]["kind"], "blocks");
  EXPECT_EQ(json["pools"][0]["block_size"], 4096);
  EXPECT_EQ(json["pools"][2]["kind"], "runs");
}

TEST_F(TuneCommand, TellsPeopleWhatBytesBuy) {
  const Finished finished = tune("short --html page.html");
  ASSERT_EQ(finished.status, 0) << finished.err;
  for (const char* part : {"what bytes buy", "the present pools", "further pools that pay",
                           "better left on the heap", "replayed through the library: 0 refused"}) {
    EXPECT_NE(finished.out.find(part), std::string::npos) << part << "\n" << finished.out;
  }
  EXPECT_NE(textOf(*folder / "page.html").find("<title>Millpond: the right pool sizes"), std::string::npos);
}

TEST_F(TuneCommand, AbstainsWithItsOwnStatusAndWritesNoHeader) {
  const Finished made = shell(folder->path(), "millpond soak --days 0.0005 --trace instant");
  ASSERT_EQ(made.status, 0) << made.err;
  const Finished finished = tune("instant --horizon 30d --json --header none.h");
  EXPECT_EQ(finished.status, 3) << finished.err << finished.out;
  const nlohmann::json json = parse(finished.out);
  ASSERT_FALSE(json["abstained"].empty());
  EXPECT_GT(json["abstained"][0]["length_needed_s"], 0);
  EXPECT_FALSE(std::filesystem::exists(*folder / "none.h"));
}

TEST_F(TuneCommand, TurnsCountersOfDevicesIntoTheFront) {
  const std::string counters =
      R"({"what_if": {"format": 1, "seconds": 86400, "pools": [{"name": "audio", )"
      R"("kind": "blocks", "blocks": 2, "block_size": 4096, "refused_with": [9, 3, 0], )"
      R"("exact": true, "why": ""}]}})";
  for (const char* name : {"a.json", "b.json"}) std::ofstream(*folder / name) << counters;
  const Finished finished = tune("--live a.json b.json");
  ASSERT_EQ(finished.status, 0) << finished.err;
  EXPECT_NE(finished.out.find("audio: 2 blocks, all needed; 1 would have refused 3 times a day"),
            std::string::npos)
      << finished.out;
}

TEST_F(TuneCommand, RefusesTracesThatAreNone) {
  const Finished made = shell(folder->path(),
                              "mkdir empty foreign && echo text > foreign/metadata && mkdir silent && "
                              "cp short/metadata silent && cp -r short other && "
                              "LC_ALL=C sed -i s/small/smoll/g other/stream && cp -r short copy");
  ASSERT_EQ(made.status, 0) << made.err;
  expectRefused("empty", 1, "not a trace: it has no file metadata");
  expectRefused("foreign", 1, "not of a trace by Millpond");
  expectRefused("silent", 1, "no file stream with the events");
  expectRefused("short other", 1, "tune devices with the same pools together");
  expectRefused("short copy", 1, "is the same trace as short");
}

TEST_F(TuneCommand, RefusesWhatCannotBe) {
  expectRefused("", 2, "give the folder of a TRACE");
  expectRefused("nowhere", 1, "nowhere");
  expectRefused("short --horizon 0s", 2, "is not a time from 1s to 5200w");
  expectRefused("short --horizon 30", 2, "is not a time");
  expectRefused("short --risk 0", 2, "is not a number from");
  expectRefused("short --risk 1", 2, "is not a number from");
  expectRefused("short --budget 76KB", 2, "is not a number of bytes");
  expectRefused("short --budget 1KiB", 1, "the least that serves the traces is");
  expectRefused("short --at-most capture", 2, "is not SOURCE=N");
  expectRefused("short --at-most captain=4", 1, "no trace has that source");
  expectRefused("short --at-most capture=1", 1, "held at once");
  expectRefused("short --at-most capture=4294967295", 2, "N from 1 to 1024");
  expectRefused("short --at-most capture=4 --at-most capture=5", 2, "given more than once");
  expectRefused("--live nowhere.json", 1, "cannot be read");
  expectRefused("short --header nowhere/pool_config.h", 1, "cannot write");
}

}  // namespace
}  // namespace millpond::test
