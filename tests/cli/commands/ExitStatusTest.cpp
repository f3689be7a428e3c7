// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/commands/ExitStatus.h"
#include "tests/cli/support/Audio.h"
#include "tests/cli/support/Command.h"
#include "tests/support/TempFolder.h"

namespace millpond::test {
namespace {

using Arguments = std::vector<std::string>;

/// Each command with what it must be given; where `folder` is not, nothing can be read or made.
Arguments command(const std::string& name, const std::filesystem::path& folder) {
  if (name == "run") return {"run", "--speed", "max", "--out", (folder / "out").string()};
  if (name == "stream") return {"stream", "--to", "127.0.0.1:9", "--linger", "0"};
  if (name == "receive") return {"receive", "--listen", "127.0.0.1:0", "--out", (folder / "out").string()};
  if (name == "soak") return {"soak", "--days", "0.001"};
  return {"compare", "--days", "0.001", "--seeds", "1", "--policy", "pools"};
}

class ExitStatusTest : public ::testing::Test {
 protected:
  /// `more` comes behind what the command must be given; the last value of an option is the one that counts.
  void expectStatus(const std::string& name, const Arguments& more, int status) {
    Arguments arguments;
    const Arguments needed = command(name, folder_.path());
    for (std::size_t i = 0; i < needed.size(); ++i) {
      const bool given = std::find(more.begin(), more.end(), needed[i]) != more.end();
      if (given && needed[i].starts_with("--")) {
        ++i;  // with its value
      } else {
        arguments.push_back(needed[i]);
      }
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Finished finished = runToEnd(millpond(arguments));
    const std::string what = name + " " + more[0] + " '" + (more.size() > 1 ? more[1] : "") + "'";
    EXPECT_EQ(finished.status, status) << what << "\n" << finished.err;
    EXPECT_EQ(finished.out, "") << what;
    EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << what << "\n" << finished.err;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "out")) << what;
  }
  void expectUsageError(const std::string& name, const Arguments& more) {
    expectStatus(name, more, cli::exit_usage);
  }

  TempFolder folder_;
};

TEST_F(ExitStatusTest, ANumberThatIsNoneIsWrongUsageForEveryOption) {
  for (const char* option :
       {"--tone", "--speed", "--linger", "--reply-timeout", "--backoff-ms", "--backoff-max-ms"})
    expectUsageError("run", {option, "nan"});
  for (const char* option : {"--idle-timeout", "--max-connections"})
    expectUsageError("receive", {option, "nan"});
  for (const char* option : {"--days", "--seed"}) expectUsageError("soak", {option, "nan"});
  for (const char* option : {"--days", "--seeds", "--jobs"}) expectUsageError("compare", {option, "nan"});
  expectUsageError("run", {"--speed", "1e-300"});
  expectUsageError("soak", {"--seed", "18446744073709551616"});
}

TEST_F(ExitStatusTest, ASeedIsTakenAsItIsWritten) {
  const Finished finished = runToEnd(millpond({"soak", "--days", "0.001", "--seed", "010", "--json"}));
  EXPECT_EQ(parse(finished.out)["seed"], 10);
  const Finished most =
      runToEnd(millpond({"soak", "--days", "0.001", "--seed", "18446744073709551615", "--json"}));
  EXPECT_EQ(parse(most.out)["seed"], UINT64_MAX);
}

TEST_F(ExitStatusTest, AnEmptyTextIsNoValue) {
  for (const char* option : {"--input", "--out", "--wire"}) expectUsageError("run", {option, ""});
  for (const char* option : {"--input", "--to"}) expectUsageError("stream", {option, ""});
  for (const char* option : {"--listen", "--out", "--format"}) expectUsageError("receive", {option, ""});
  for (const char* option : {"--policy", "--scenario"}) expectUsageError("soak", {option, ""});
  for (const char* option : {"--policy", "--scenario", "--html"}) expectUsageError("compare", {option, ""});
}

TEST_F(ExitStatusTest, TheSameMistakeHasTheSameStatusInEveryCommand) {
  for (const char* name : {"run", "stream", "receive", "soak", "compare"})
    expectUsageError(name, {"--no-such-option"});
  // A value that is none of those allowed.
  expectUsageError("run", {"--wire", "pigeon"});
  expectUsageError("run", {"--input", "-", "--input-format", "mp3"});
  expectUsageError("stream", {"--speed", "fast"});
  expectUsageError("stream", {"--to", "nowhere"});
  expectUsageError("receive", {"--listen", "nowhere"});
  expectUsageError("soak", {"--policy", "best-fit"});
  expectUsageError("compare", {"--policy", "best-fit"});
  // Options that do not go together.
  expectUsageError("run", {"--squeeze", "--speed", "max"});
  expectUsageError("soak", {"--timeline"});
  expectUsageError("run", {"--rate", "8000"});
  expectUsageError("stream", {"--input-format", "s16le"});
  expectUsageError("stream", {"--loop", "--input", "alsa:default"});
  expectUsageError("stream", {"--input", "alsa:"});
  expectUsageError("compare", {"--policy", "pools", "pools"});
  // What is named is not there, or cannot be.
  for (const char* name : {"run", "stream"})
    expectStatus(name, {"--input", (folder_ / "missing.wav").string()}, cli::exit_failure);
  for (const char* name : {"soak", "compare"}) {
    expectStatus(name, {"--scenario", (folder_ / "missing.toml").string()}, cli::exit_failure);
    expectStatus(name, {"--policy", "plugin:missing.so"}, cli::exit_failure);
  }
  expectStatus("compare", {"--html", (folder_ / "missing" / "a.html").string()}, cli::exit_failure);
  expectStatus("receive", {"--out", "/dev/null/out"}, cli::exit_failure);
  expectStatus("run", {"--out", "/dev/null/out", "--tone", "1"}, cli::exit_failure);
}

TEST_F(ExitStatusTest, HelpOfEveryCommandHasTheExitStatuses) {
  for (const char* name : {"", "run", "stream", "receive", "soak", "compare"}) {
    Arguments arguments{name, "--help"};
    if (arguments[0].empty()) arguments.erase(arguments.begin());
    const Finished finished = runToEnd(millpond(arguments));
    EXPECT_NE(finished.out.find("Exit status: 0 all is well; 1 "), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace millpond::test
