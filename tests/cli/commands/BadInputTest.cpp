// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/cli/support/Audio.h"
#include "tests/cli/support/Command.h"
#include "tests/streamer/support/Server.h"
#include "tests/support/TempFolder.h"

namespace millpond::test {
namespace {

class BadInputTest : public ::testing::Test {
 protected:
  // One line on standard error that says `reason`, nothing on standard output, and a status that is not 0.
  void expectRefused(const std::vector<std::string>& arguments, const std::string& reason) {
    const Finished finished = runToEnd(millpond(arguments));
    EXPECT_NE(finished.status, 0);
    EXPECT_LT(finished.status, 128) << "ended by a signal";
    EXPECT_EQ(finished.out, "");
    EXPECT_NE(finished.err.find(reason), std::string::npos) << finished.err;
    EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
  }
  void expectInputRefused(const std::string& name, const std::string& reason) {
    expectRefused({"run", "--out", (folder_ / "out").string(), "--input", (folder_ / name).string()}, reason);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "out"));
  }

  TempFolder folder_;
};

TEST_F(BadInputTest, AnInputThatIsNoneIsRefused) {
  expectInputRefused("missing.wav", "No such file");
  std::ofstream(folder_ / "empty.wav").flush();
  expectInputRefused("empty.wav", "is empty");
  std::ofstream(folder_ / "text.wav") << "the quick brown fox jumps over the lazy dog, and then again";
  expectInputRefused("text.wav", "is not readable audio");
  writeWav(folder_ / "silent.wav", {});
  expectInputRefused("silent.wav", "holds no samples");
  writeWav(folder_ / "half.wav", noise(100));
  std::filesystem::resize_file(folder_ / "half.wav", 30);
  expectInputRefused("half.wav", "half.wav");
}

TEST_F(BadInputTest, AnOutputFolderThatCannotBeIsRefused) {
  std::ofstream(folder_ / "file").flush();
  const std::string below = (folder_ / "file" / "below").string();
  expectRefused({"run", "--tone", "1", "--out", below}, "cannot make output folder");
  expectRefused({"receive", "--listen", "127.0.0.1:0", "--out", below}, "cannot make output folder");
}

TEST_F(BadInputTest, APortInUseIsRefused) {
  const Server server;
  expectRefused({"receive", "--listen", server.address().text(), "--out", folder_.path().string()},
                "Address already in use");
}

TEST_F(BadInputTest, OptionsThatMakeNoSenseAreRefused) {
  expectRefused({}, "run, stream, receive");
  expectRefused({"walk"}, "run, stream, receive");
  expectRefused({"run", "--speed", "fast"}, "from 0.001 to 1000, or max");
  expectRefused({"run", "--wire", "carrier-pigeon"}, "framed,raw");
  expectRefused({"run", "--tone", "-1"}, "--tone");
  expectRefused({"run", "--squeeze", "--speed", "max"}, "--squeeze takes 6 s of streaming");
  expectRefused({"run", "--squeeze", "--tone", "endless"}, "--squeeze needs an input whose length is known");
  expectRefused({"run", "--bogus"}, "--bogus");
  expectRefused({"stream"}, "--to is required");
  expectRefused({"stream", "--to", "nowhere"}, "is not HOST:PORT");
  expectRefused({"receive", "--out", folder_.path().string(), "--format", "mp3"}, "wav,flac");
}

TEST_F(BadInputTest, HelpAndVersionAreThere) {
  for (const auto& arguments : {std::vector<std::string>{"--help"},
                                {"run", "--help"},
                                {"stream", "--help"},
                                {"receive", "--help"},
                                {"soak", "--help"},
                                {"compare", "--help"}}) {
    const Finished finished = runToEnd(millpond(arguments));
    EXPECT_EQ(finished.status, 0);
    EXPECT_NE(finished.out.find("Usage: "), std::string::npos);
  }
  const Finished version = runToEnd(millpond({"--version"}));
  EXPECT_EQ(version.status, 0);
  EXPECT_EQ(version.out.rfind("millpond ", 0), 0U);
}

TEST_F(BadInputTest, AReceiverThatIsNotThereIsGivenUpInTheEnd) {
  std::string nobody;
  {
    const Server server;
    nobody = server.address().text();
  }
  const Finished finished =
      runToEnd(millpond({"stream", "--to", nobody, "--tone", "1", "--speed", "1000", "--backoff-ms", "1",
                         "--backoff-max-ms", "10", "--linger", "0.1", "--json"}));
  EXPECT_EQ(finished.status, 1);
  EXPECT_NE(finished.err.find("gave up"), std::string::npos) << finished.err;
  const nlohmann::json json = parse(finished.out);
  EXPECT_EQ(json["samples_in"], 16000);
  EXPECT_EQ(json["dropped"], 16000);
  EXPECT_EQ(json["platform_heap_calls"], 0);
}

TEST_F(BadInputTest, AReceiverWhoseNameHasNoAddressIsTriedLikeOneThatIsNotThere) {
  const std::string no_name = std::string(64, 'x') + ".invalid:9000";  // longer than a label may be
  const Finished finished =
      runToEnd(millpond({"stream", "--to", no_name, "--tone", "1", "--speed", "1000", "--backoff-ms", "1",
                         "--backoff-max-ms", "10", "--linger", "0.1", "--json"}));
  EXPECT_EQ(finished.status, 1);
  EXPECT_NE(finished.err.find("its name has no address: "), std::string::npos) << finished.err;
  const nlohmann::json json = parse(finished.out);
  EXPECT_EQ(json["samples_in"], 16000);
  EXPECT_GT(json["failed_connects"], 1);
  EXPECT_EQ(json["platform_heap_calls"], 0);
}

}  // namespace
}  // namespace millpond::test
