// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/support/Command.h"
#include "tests/support/TempFolder.h"

namespace millpond::test {
namespace {

Finished soak(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "soak");
  return runToEnd(millpond(std::move(arguments)));
}

nlohmann::json soakJson(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--days", "0.02", "--json"});
  const Finished finished = soak(std::move(arguments));
  EXPECT_EQ(finished.err, "");
  return parse(finished.out);
}

void expectRefused(const std::vector<std::string>& arguments, int status, const std::string& reason) {
  const Finished finished = soak(arguments);
  EXPECT_EQ(finished.status, status) << finished.err;
  EXPECT_EQ(finished.out, "");
  EXPECT_NE(finished.err.find(reason), std::string::npos) << finished.err;
  EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
}

std::set<std::string> keysOf(const nlohmann::json& json) {
  std::set<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.insert(key);
  return keys;
}

TEST(SoakCommand, PrintsOneObjectWithEveryFigure) {
  const nlohmann::json json = soakJson({"--seed", "5"});
  EXPECT_EQ(keysOf(json), (std::set<std::string>{"policy",
                                                 "scenario",
                                                 "seed",
                                                 "days",
                                                 "events",
                                                 "allocations",
                                                 "requests_hash",
                                                 "first_failure",
                                                 "first_failure_by_class",
                                                 "failures",
                                                 "samples_lost",
                                                 "sound_lost_s",
                                                 "largest_free_min",
                                                 "largest_free_min_t_s",
                                                 "largest_request_min",
                                                 "held_peak",
                                                 "heap_bytes_from_pooled_classes",
                                                 "leaks",
                                                 "leak_watch",
                                                 "warnings",
                                                 "backlog_bytes",
                                                 "steps",
                                                 "digest",
                                                 "seconds"}));
  EXPECT_EQ(json["policy"], "pools");
  EXPECT_EQ(json["scenario"], "adr-device");
  EXPECT_EQ(json["seed"], 5);
  EXPECT_EQ(json["days"], 0.02);
  EXPECT_EQ(json["first_failure"], nullptr);
  EXPECT_EQ(keysOf(json["failures"]),
            (std::set<std::string>{"audio", "network", "general", "tls", "pbuf", "small"}));
  EXPECT_EQ(json["failures"]["audio"], 0);
  EXPECT_EQ(json["heap_bytes_from_pooled_classes"], 0);
  EXPECT_GT(json["events"], 100'000);
}

TEST(SoakCommand, TellsOfTheFirstFailureAndItsStatusIsTheVerdict) {
  const Finished failed = soak({"--policy", "static", "--days", "0.2", "--json"});
  EXPECT_EQ(failed.status, 3);
  const nlohmann::json json = parse(failed.out);
  EXPECT_EQ(keysOf(json["first_failure"]),
            (std::set<std::string>{"class", "t_s", "bytes", "free", "largest"}));
  EXPECT_EQ(json["first_failure"]["class"], "small");
  EXPECT_EQ(json["first_failure"], json["first_failure_by_class"]["small"]);
  EXPECT_GT(json["failures"]["small"], 0);
  EXPECT_EQ(soak({"--days", "0.02", "--json"}).status, 0);
}

TEST(SoakCommand, TheSameSeedIsTheSameDigestAndAnotherIsNot) {
  for (const char* policy : {"pools", "pools+net", "esp-idf", "heap_4", "tlsf", "static"}) {
    const nlohmann::json once = soakJson({"--policy", policy, "--seed", "2"});
    EXPECT_EQ(soakJson({"--policy", policy, "--seed", "2"})["digest"], once["digest"]) << policy;
    EXPECT_NE(soakJson({"--policy", policy, "--seed", "3"})["digest"], once["digest"]) << policy;
  }
}

TEST(SoakCommand, AddsATimelineAMapAndTheBareCostWhereAskedFor) {
  const nlohmann::json json = soakJson({"--timeline", "--map", "--bare"});
  ASSERT_FALSE(json["timeline"].empty());
  EXPECT_LE(json["timeline"].size(), 500U);
  EXPECT_EQ(keysOf(json["timeline"][0]),
            (std::set<std::string>{"t_s", "free", "largest", "fragmentation", "scatter", "held"}));
  EXPECT_EQ(json["map"]["columns"], 128);
  for (const nlohmann::json& row : json["map"]["rows"]) {
    EXPECT_EQ(row["cells"].get<std::string>().size(), 128U);
  }
  EXPECT_EQ(keysOf(json["bare"]), (std::set<std::string>{"days", "operations", "seconds"}));
}

TEST(SoakCommand, ItsTextHasTheSeedAndTheCommandToRunItAgain) {
  const Finished finished =
      soak({"--days", "0.02", "--seed", "42", "--scenario", "leaky", "--policy", "first-fit"});
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_NE(finished.out.find("leaky on heap_4, 0.02 days, seed 42"), std::string::npos) << finished.out;
  EXPECT_NE(finished.out.find("PASS: no request failed\n"), std::string::npos) << finished.out;
  const std::string mark = "again: millpond ";
  const std::size_t at = finished.out.find(mark);
  ASSERT_NE(at, std::string::npos) << finished.out;
  std::istringstream words(
      finished.out.substr(at + mark.size(), finished.out.find('\n', at) - at - mark.size()));
  std::vector<std::string> again;
  for (std::string word; words >> word;) again.push_back(word);
  const std::string text = runToEnd(millpond(again)).out;
  const auto digest = [](const std::string& out) { return out.substr(out.find("digest "), 23); };
  EXPECT_EQ(digest(text), digest(finished.out));
}

TEST(SoakCommand, EveryScenarioRunsFromItsFileAsItDoesByName) {
  for (const std::string name :
       {"adr-device", "adr-varied", "codec", "full-device", "psram", "stereo-44k1", "tls-heavy", "leaky"}) {
    nlohmann::json built_in = soakJson({"--scenario", name});
    nlohmann::json file = soakJson({"--scenario", MILLPOND_SCENARIOS "/" + name + ".toml"});
    built_in.erase("seconds");
    file.erase("seconds");
    EXPECT_EQ(file, built_in) << name;
  }
}

TEST(SoakCommand, WarnsOfSizesThatPoolsCannotServe) {
  const TempFolder folder;
  const std::string file = (folder / "own.toml").string();
  std::ofstream(file) << "[capture]\nbuffer_bytes = 8192\n";
  const Finished finished = soak({"--days", "0.001", "--scenario", file, "--json"});
  EXPECT_EQ(finished.err,
            "millpond: warning: capture.buffer_bytes asks for 8192 bytes at once, and a block of its pool "
            "has 4096: "
            "pools.audio_block_bytes = 8192 would do\n");
  const nlohmann::json warning = parse(finished.out)["warnings"].at(0);
  EXPECT_EQ(warning["key"], "pools.audio_block_bytes");
  EXPECT_EQ(warning["value"], 8192);
}

TEST(SoakCommand, HoldsBackAsMuchAsItIsTold) {
  const nlohmann::json json = soakJson({"--backlog", "60000"});
  EXPECT_EQ(json["backlog_bytes"], 57600) << "three chunks";
  EXPECT_EQ(json["heap_bytes_from_pooled_classes"], 0);
  EXPECT_LT(json["sound_lost_s"], soakJson({})["sound_lost_s"]);
}

TEST(SoakCommand, RefusesWhatMakesNoSense) {
  expectRefused({"--backlog", "0"}, 2, "0 is not a whole number from 1 to 16777216");
  expectRefused({"--backlog", "19199"}, 1, "a backlog must have room for 1 to 1024 chunks of sound");
  expectRefused({"--days", "0"}, 2, "0 is not a number from 0.0001 to 36500");
  expectRefused({"--days", "1e-12"}, 2, "1e-12 is not a number from 0.0001 to 36500");
  expectRefused({"--days", "nan"}, 2, "nan is not a number from 0.0001 to 36500");
  expectRefused({"--days", "36501"}, 2, "36501 is not a number from 0.0001 to 36500");
  expectRefused({"--seed", "-1"}, 2, "-1 is not a whole number from 0");
  expectRefused({"--seed", "1.5"}, 2, "1.5 is not a whole number from 0");
  expectRefused({"--timeline"}, 2, "--json");
  expectRefused(
      {"--policy", "best-fit"}, 2,
      "no policy best-fit: there are pools, pools+net, esp-idf, heap_4, tlsf, static, plugin:FILE.so");
  expectRefused({"--policy", ""}, 2, "--policy: an empty value is not allowed");
  expectRefused({"--policy", "plugin:"}, 2, "plugin: needs a file");
  expectRefused({"--scenario", "missing.toml"}, 1,
                "no scenario missing.toml: give a TOML file, or one of adr-device");
  expectRefused({"--scenario", "/dev/zero"}, 1,
                "scenario /dev/zero is not a regular file: give a TOML file, or one of adr-device");
}

TEST(SoakCommand, HasEveryFigureOfTheShortestTime) {
  const Finished finished = soak({"--days", "0.0001", "--json", "--bare", "--timeline", "--map"});
  EXPECT_EQ(finished.status, 0) << finished.err;
  const nlohmann::json json = parse(finished.out).flatten();
  for (const auto& [key, value] : json.items()) {
    const bool may_be_none = key.starts_with("/first_failure") || key == "/leaks/by_source" ||
                             key == "/leak_watch" || key == "/warnings" || key == "/map/at_failure";
    EXPECT_TRUE(may_be_none || !value.is_null()) << key;
  }
}

TEST(SoakCommand, KeepsWhatAPluginPrintsOutOfItsResult) {
  const std::string plugin = std::string("plugin:") + MILLPOND_PLUGINS + "/printing.so";
  const Finished finished = soak({"--days", "0.001", "--policy", plugin, "--json"});
  EXPECT_EQ(parse(finished.out)["policy"], plugin);
  // Once for the device, and once for the look at its end whether the plugin leaks.
  EXPECT_EQ(finished.err, "the plugin begins\nthe plugin begins\n");
}

TEST(SoakCommand, PrintsTheNameOfAPluginThatIsNoUtf8) {
  const TempFolder folder;
  const std::string file = (folder / "o\xff.so").string();
  std::filesystem::copy_file(std::string(MILLPOND_PLUGINS) + "/good.so", file);
  const Finished finished = soak({"--days", "0.001", "--policy", "plugin:" + file, "--json"});
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_TRUE(parse(finished.out)["policy"].get<std::string>().ends_with("o\uFFFD.so")) << finished.out;
}

TEST(SoakCommand, RefusesAScenarioThatCannotBe) {
  const TempFolder folder;
  const std::string file = (folder / "own.toml").string();
  const auto expectFileRefused = [&](const std::string& text, const std::string& reason) {
    std::ofstream(file) << text;
    expectRefused({"--scenario", file}, 1, file + reason);
  };
  expectFileRefused("[tls]\nobject = 3\n", ":2: there is no key tls.object");
  expectFileRefused("[messages]\nevery_ms = -240\n", ":2: messages.every_ms must be a whole number from 1");
  expectFileRefused("[capture]\nbuffer_bytes = 300000\n",
                    ":2: capture.buffer_bytes must be a whole number from 1 to 204800");
}

TEST(SoakCommand, ReportsAPluginThatCrashesAsAnError) {
  const std::string policy = std::string("plugin:") + MILLPOND_PLUGINS + "/crashing.so";
  expectRefused({"--policy", policy}, 1, "the run on " + policy + ", seed 1: was ended by signal 11");
}

TEST(SoakCommand, RefusesAPluginThatBreaksItsContract) {
  const std::string folder = MILLPOND_PLUGINS;
  expectRefused({"--policy", "plugin:none.so"}, 1, "plugin none.so cannot be loaded");
  expectRefused({"--policy", "plugin:" + folder + "/without_free.so"}, 1, "lacks millpond_plugin_free");
  expectRefused({"--policy", "plugin:" + folder + "/overlapping.so"}, 1, "overlaps one which is held");
  expectRefused({"--policy", "plugin:" + folder + "/misaligned.so"}, 1, "misaligned");
  EXPECT_EQ(soakJson({"--policy", "plugin:" + folder + "/good.so"})["first_failure"], nullptr);
}

}  // namespace
}  // namespace millpond::test
