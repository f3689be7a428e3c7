// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "tests/cli/support/Command.h"
#include "tests/support/TempFolder.h"

namespace millpond::test {
namespace {

Finished compare(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "compare");
  return runToEnd(millpond(arguments));
}

void expectRefused(const std::vector<std::string>& arguments, const std::string& reason) {
  const Finished finished = compare(arguments);
  EXPECT_NE(finished.status, 0);
  EXPECT_LT(finished.status, 128) << "ended by a signal";
  EXPECT_EQ(finished.out, "");
  EXPECT_NE(finished.err.find(reason), std::string::npos) << finished.err;
  EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
}

TEST(CompareCommand, PrintsTheListOfWhatSoakPrints) {
  const Finished finished =
      compare({"--days", "0.01", "--seeds", "2", "--policy", "pools", "--policy", "tlsf", "--json"});
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(finished.err, "");
  const nlohmann::json list = nlohmann::json::parse(finished.out);
  ASSERT_EQ(list.size(), 4U);
  nlohmann::json alone =
      parse(runToEnd(millpond({"soak", "--days", "0.01", "--seed", "2", "--policy", "tlsf", "--json"})).out);
  nlohmann::json last = list[3];
  alone.erase("seconds");
  last.erase("seconds");
  EXPECT_EQ(last, alone);
}

TEST(CompareCommand, TakesTheShortestTime) {
  const TempFolder folder;
  const Finished finished = compare(
      {"--days", "0.0001", "--seeds", "1", "--policy", "pools", "--html", (folder / "o\xff.html").string()});
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_TRUE(std::filesystem::exists(folder / "o\xff.html"));
}

TEST(CompareCommand, PrintsATableAndTheVerdict) {
  const Finished finished = compare({"--days", "0.01", "--seeds", "2", "--policy", "pools", "static"});
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_NE(finished.out.find("adr-device, 0.01 days, seeds 1 to 2: 4 devices"), std::string::npos);
  EXPECT_NE(finished.out.find("PASS: no request of pools failed"), std::string::npos) << finished.out;
}

// The short form of what scripts/evidence runs for months.
TEST(CompareCommand, PoolsServeTheAdrsDevice) {
  const Finished finished = compare({"--days", "1", "--seeds", "4", "--policy", "pools", "--json"});
  EXPECT_EQ(finished.status, 0) << finished.err;
  for (const nlohmann::json& run : nlohmann::json::parse(finished.out)) {
    EXPECT_EQ(run["failures"]["audio"], 0) << run;
    EXPECT_EQ(run["failures"]["network"], 0) << run;
    EXPECT_EQ(run["heap_bytes_from_pooled_classes"], 0) << run;
    EXPECT_GT(run["allocations"], 6'000'000) << run;
  }
}

TEST(CompareCommand, ItsStatusIsTheFirstPolicysVerdict) {
  const TempFolder folder;
  const std::string scenario = (folder / "one-buffer.toml").string();
  std::ofstream(scenario) << "[static]\nsmall = 1\nmedium = 1\nlarge = 1\n";
  const std::vector<std::string> days{"--days", "0.01", "--seeds", "1", "--scenario", scenario, "--policy"};
  std::vector<std::string> failing = days;
  failing.insert(failing.end(), {"static", "pools"});
  const Finished failed = compare(failing);
  EXPECT_EQ(failed.status, 3) << failed.out;
  EXPECT_NE(failed.out.find("FAIL: a request of static failed in 1 of 1 devices"), std::string::npos);
  std::vector<std::string> passing = days;
  passing.insert(passing.end(), {"pools", "static"});
  EXPECT_EQ(compare(passing).status, 0) << "the first policy is what is judged";
}

TEST(CompareCommand, RefusesAReportItCannotWriteBeforeAnyRun) {
  const TempFolder folder;
  expectRefused({"--days", "3650", "--html", (folder / "missing" / "a.html").string()},
                "cannot write report");
  expectRefused({"--days", "3650", "--html", folder.path().string()}, "cannot write report");
}

TEST(CompareCommand, LeavesNoReportWhereARunFails) {
  const TempFolder folder;
  const std::string file = (folder / "a.html").string();
  expectRefused({"--days", "0.01", "--seeds", "1", "--policy", "plugin:missing.so", "--html", file},
                "the run on plugin:missing.so, seed 1: ");
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(CompareCommand, WritesAReportBesideItsJson) {
  const TempFolder folder;
  const std::string file = (folder / "a.html").string();
  const Finished finished =
      compare({"--days", "0.01", "--seeds", "1", "--policy", "pools", "--json", "--html", file});
  EXPECT_EQ(finished.status, 0) << finished.err;
  const nlohmann::json list = nlohmann::json::parse(finished.out);
  EXPECT_FALSE(list[0].contains("timeline")) << "the list is what soak prints";
  EXPECT_FALSE(list[0].contains("map"));
  EXPECT_GT(std::filesystem::file_size(file), 100000U);
}

// The processes of devices that `process` has now.
std::set<std::string> devicesOf(const Process& process) {
  const std::string id = std::to_string(process.id());
  std::ifstream children("/proc/" + id + "/task/" + id + "/children");
  return {std::istream_iterator<std::string>(children), {}};
}

TEST(CompareCommand, LeavesTheReportOfWhatHadFinishedWhereInterrupted) {
  const TempFolder folder;
  const std::filesystem::path file = folder / "partial.html";
  Process process(millpond({"compare", "--days", "0.005", "--seeds", "100000", "--jobs", "1", "--policy",
                            "pools", "tlsf", "--json", "--html", file.string()}));
  std::set<std::string> devices;  // one at a time: when the third has begun, two had finished
  ASSERT_TRUE(eventually([&] {
    devices.merge(devicesOf(process));
    return devices.size() >= 3;
  })) << process.err();
  process.signal(SIGINT);
  const Finished finished = process.wait();
  EXPECT_EQ(finished.status, 1) << finished.err;
  const nlohmann::json list = nlohmann::json::parse(finished.out);
  ASSERT_GE(list.size(), 2U);
  const std::string count = std::to_string(list.size()) + " of 200000";
  EXPECT_NE(
      finished.err.find("interrupted: " + count + " devices had finished, and only they are reported\n"),
      std::string::npos)
      << finished.err;
  EXPECT_EQ(list[0]["policy"], "pools");
  EXPECT_EQ(list.back()["policy"], "tlsf") << "each seed runs on all policies before the next";
  std::ifstream page(file);
  const std::string text{std::istreambuf_iterator<char>(page), {}};
  EXPECT_NE(text.find("\"unfinished\":" + std::to_string(200000 - list.size())), std::string::npos);
}

TEST(CompareCommand, SaysWhenItWasInterruptedBeforeADeviceHadFinished) {
  Process process(millpond({"compare", "--days", "36500", "--seeds", "1", "--policy", "pools"}));
  ASSERT_TRUE(eventually([&] { return !devicesOf(process).empty(); })) << process.err();
  process.signal(SIGTERM);
  const Finished finished = process.wait();
  EXPECT_EQ(finished.status, 1);
  EXPECT_EQ(finished.out, "");
  EXPECT_NE(finished.err.find("millpond: interrupted: 0 of 1 devices had finished\n"), std::string::npos);
}

TEST(CompareCommand, ShowsWhatABacklogBuysOnEachPolicy) {
  const std::vector<std::string> arguments{"--days", "0.01", "--seeds",   "1",     "--policy",
                                           "pools",  "tlsf", "--backlog", "60000", "180000"};
  const Finished finished = compare(arguments);
  EXPECT_NE(finished.err.find("left out: the run on pools, seed 1, with a backlog of 180000 bytes: "),
            std::string::npos)
      << finished.err;
  EXPECT_NE(finished.out.find("pools                57600"), std::string::npos) << finished.out;
  EXPECT_NE(finished.out.find("pools: up to 57600 bytes of backlog nothing was refused"), std::string::npos)
      << finished.out;
  EXPECT_EQ(finished.status, 0) << "the verdict is on the scenario's own backlog";
}

TEST(CompareCommand, RefusesWhatMakesNoSense) {
  expectRefused({"--backlog", "38400"}, "--backlog 38400 is what the scenario has already");
  expectRefused({"--backlog", "60000", "57600"}, "is given more than once: 57600 bytes of whole chunks");
  expectRefused({"--backlog", "100"}, "a backlog must have room for");
  expectRefused({"--days", "0"}, "0 is not a number from 0.0001 to 36500");
  expectRefused({"--days", "1e-12"}, "1e-12 is not a number from 0.0001 to 36500");
  expectRefused({"--policy", "plugin:"}, "plugin: needs a file");
  expectRefused({"--seeds", "0"}, "0 is not a whole number from 1");
  expectRefused({"--seeds", "1.5"}, "1.5 is not a whole number from 1");
  expectRefused({"--jobs", "0"}, "0 is not a whole number from 1");
  expectRefused({"--policy", "best-fit"},
                "no policy best-fit: there are pools, pools+net, esp-idf, heap_4, tlsf, static");
  expectRefused({"--policy", "tlsf", "pools", "tlsf"}, "policy tlsf is given more than once");
  expectRefused({"--policy", "first-fit", "heap_4"}, "policy heap_4 is given more than once");
  expectRefused({"--scenario", "missing.toml"}, "no scenario missing.toml: give a TOML file");
}

TEST(CompareCommand, ShowsTheOtherPoliciesOfOneThatCrashes) {
  const std::string policy = std::string("plugin:") + MILLPOND_PLUGINS + "/crashing.so";
  const Finished finished =
      compare({"--days", "0.01", "--seeds", "1", "--policy", policy, "--policy", "pools", "--json"});
  EXPECT_EQ(finished.status, 1);
  EXPECT_NE(finished.err.find("the run on " + policy + ", seed 1: was ended by signal 11"), std::string::npos)
      << finished.err;
  const nlohmann::json list = nlohmann::json::parse(finished.out);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0]["policy"], "pools");
}

}  // namespace
}  // namespace millpond::test
