// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "tests/cli/support/Audio.h"
#include "tests/cli/support/Command.h"
#include "tests/support/TempFolder.h"

namespace millpond::test {
namespace {

class RunTest : public ::testing::Test {
 protected:
  Finished run(std::vector<std::string> more) {
    std::vector<std::string> arguments{"run", "--out", (folder_ / "out").string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return runToEnd(millpond(arguments));
  }
  nlohmann::json runJson(std::vector<std::string> more) {
    more.emplace_back("--json");
    const Finished finished = run(more);
    EXPECT_EQ(finished.status, 0) << finished.err;
    return parse(finished.out);
  }
  void expectGood(const nlohmann::json& json, std::size_t samples) {
    EXPECT_EQ(json["samples_in"], samples);
    EXPECT_EQ(json["samples_out"], samples);
    EXPECT_EQ(json["identical"], true);
    EXPECT_EQ(json["dropped"], 0);
    EXPECT_EQ(json["platform_heap_calls"], 0);
    EXPECT_EQ(json["fallback_bytes_peak"], 0);
    EXPECT_TRUE(json["leaks"].is_array() && json["leaks"].empty());
    EXPECT_TRUE(json["seconds"].is_number());
  }

  TempFolder folder_;
};

TEST_F(RunTest, BringsOutTheSameSamplesAndNeverCallsTheHeap) {
  const auto samples = noise(100000);
  writeWav(folder_ / "in.wav", samples);
  expectGood(runJson({"--input", (folder_ / "in.wav").string(), "--speed", "max"}), samples.size());
  EXPECT_EQ(readOnlyWav(folder_ / "out"), samples);
}

TEST_F(RunTest, TellsEveryFigureOfEveryPool) {
  const nlohmann::json json = runJson({"--tone", "5", "--speed", "max"});
  const auto& pools = json["pools"];
  ASSERT_EQ(pools.size(), 4U);
  const std::vector<std::string> names{"audio", "network", "general", "heap"};
  const std::vector<std::size_t> sizes{4096, 20480, 512, 1};
  const std::vector<std::size_t> capacities{4, 2, 8, 65536};
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(pools[i]["name"], names[i]);
    EXPECT_EQ(pools[i]["block_size"], sizes[i]);
    EXPECT_EQ(pools[i]["capacity"], capacities[i]);
    for (const char* field : {"in_use", "exhausted", "fallbacks", "rejected"})
      EXPECT_EQ(pools[i][field], 0) << field;
    EXPECT_EQ(pools[i]["allocations"], pools[i]["frees"]);
  }
  EXPECT_EQ(pools[0]["allocations"], 40);  // 80000 samples in blocks of 2048
  EXPECT_EQ(pools[1]["allocations"], 9);   // and in chunks of 9600
  EXPECT_EQ(pools[1]["peak"], 2);
}

TEST_F(RunTest, TakesAnyFormatRateAndChannelCount) {
  writeAudio(folder_ / "stereo.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 44100, 2, noise(2 * 44100));
  writeWav(folder_ / "eight.wav", noise(8 * 48000), 48000, 8);
  writeWav(folder_ / "fast.wav", noise(192000), 192000);
  for (const char* name : {"stereo.flac", "eight.wav", "fast.wav"}) {
    const nlohmann::json json = runJson({"--input", (folder_ / name).string(), "--speed", "max"});
    EXPECT_NEAR(json["samples_in"].get<double>(), 16000, 2) << name;
    expectGood(json, json["samples_in"].get<std::size_t>());
  }
}

TEST_F(RunTest, StreamsSpeechWhereNoInputIsGiven) {
  if (!std::filesystem::exists("/usr/share/sounds/alsa/Front_Center.wav"))
    GTEST_SKIP() << "alsa-utils is missing";
  const nlohmann::json json = runJson({"--speed", "max"});
  expectGood(json, json["samples_in"].get<std::size_t>());
  EXPECT_GT(json["samples_in"], 20000);
}

TEST_F(RunTest, HoldsThePaceAndStillGivesEverySample) {
  expectGood(runJson({"--tone", "2", "--speed", "4", "--wait"}), 32000);
}

TEST_F(RunTest, WorksOnTheRawWireToo) {
  const auto samples = noise(50000);
  writeWav(folder_ / "in.wav", samples);
  expectGood(runJson({"--input", (folder_ / "in.wav").string(), "--speed", "max", "--wire", "raw"}),
             samples.size());
  EXPECT_EQ(readOnlyWav(folder_ / "out"), samples);
}

TEST_F(RunTest, ShowsMemoryAndAVerdict) {
  const Finished finished = run({"--tone", "3", "--speed", "max"});
  EXPECT_EQ(finished.status, 0) << finished.err;
  for (const char* part : {"audio", "network", "general", "100 %", "identical", "called 0 times",
                           "leaks            none", "verdict          good", ".wav"}) {
    EXPECT_NE(finished.out.find(part), std::string::npos) << part << "\n" << finished.out;
  }
  EXPECT_EQ(finished.out.find('\x1b'), std::string::npos);
}

TEST_F(RunTest, UsesWhatIsThereOfATruncatedFileAndSaysSo) {
  writeWav(folder_ / "in.wav", noise(10000));
  std::filesystem::resize_file(folder_ / "in.wav", 44 + 8000);
  const Finished finished = run({"--input", (folder_ / "in.wav").string(), "--speed", "max", "--json"});
  EXPECT_EQ(finished.status, 0);
  expectGood(parse(finished.out), 4000);
  EXPECT_NE(finished.err.find("ends before its header says"), std::string::npos) << finished.err;
}

}  // namespace
}  // namespace millpond::test
