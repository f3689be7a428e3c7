// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/cli/support/Command.h"
#include "tests/support/TempFolder.h"

namespace millpond::test {
namespace {

class TraceCommand : public ::testing::Test {
 protected:
  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  static Finished good(const std::vector<std::string>& arguments) {
    Finished finished = runToEnd(millpond(arguments));
    EXPECT_EQ(finished.status, 0) << arguments[0] << ": " << finished.err;
    EXPECT_EQ(finished.err, "") << arguments[0];
    return finished;
  }
  static nlohmann::json goodJson(const std::vector<std::string>& arguments) {
    return parse(good(arguments).out);
  }
  static void expectRefused(const std::vector<std::string>& arguments, int status,
                            const std::string& reason) {
    const Finished finished = runToEnd(millpond(arguments));
    EXPECT_EQ(finished.status, status) << finished.err;
    EXPECT_EQ(finished.out, "");
    EXPECT_NE(finished.err.find(reason), std::string::npos) << finished.err;
    EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
  }

  // What a device did, and its pools in a file.
  nlohmann::json recorded(std::vector<std::string> run) {
    run.insert(run.begin(), {"run", "--out", at("out"), "--speed", "max", "--json", "--trace", at("trace")});
    goodJson(run);
    nlohmann::json info = goodJson({"trace", "info", at("trace"), "--json"});
    std::ofstream(at("pools.json")) << nlohmann::json{{"pools", info["pools"]}};
    return info;
  }

  TempFolder folder_;
};

TEST_F(TraceCommand, WhatADeviceDidIsReadByEveryCommand) {
  const nlohmann::json info = recorded({"--tone", "2"});
  EXPECT_GT(info["events"], 40) << "16 blocks of sound and 4 chunks, each taken and freed";
  EXPECT_EQ(info["lost"], 0);
  EXPECT_EQ(info["mended"], 0);
  EXPECT_GT(info["seconds"], 0);
  for (const char* source : {"capture", "uplink", "backlog"})
    EXPECT_EQ(std::ranges::count(info["sources"], source), 1) << source << " " << info["sources"];
  const nlohmann::json replayed = goodJson({"replay", at("trace"), "--config", at("pools.json"), "--json"});
  for (const char* name : {"audio", "network", "general"}) {
    EXPECT_EQ(replayed["refused"][name], 0);
    EXPECT_EQ(replayed["exhausted"][name], 0);
  }
  EXPECT_EQ(replayed["fallback_bytes"], 0);
  EXPECT_EQ(replayed["events"], info["events"]);
  EXPECT_EQ(goodJson({"tune", at("trace"), "--json"})["refused_in_replay"], 0);
  const std::string rows = good({"trace", "export", at("trace"), "--format", "csv"}).out;
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), info["events"].get<int>() + 1);
  const Finished babeltrace = runToEnd({"/usr/bin/babeltrace2", at("trace")});
  EXPECT_EQ(babeltrace.status, 0) << babeltrace.err;
  std::size_t events = 0;
  const std::string mark = "lttng_ust_libc:";
  for (std::size_t at = babeltrace.out.find(mark); at != std::string::npos;
       at = babeltrace.out.find(mark, at + 1))
    ++events;
  EXPECT_GT(events, 40U) << babeltrace.out;
  EXPECT_LE(events, info["events"].get<std::size_t>());
}

TEST_F(TraceCommand, ADeviceOverTlsIsRecordedWithTheMemoryOfItsLibrary) {
  const nlohmann::json info = recorded({"--tone", "0.2", "--tls"});
  EXPECT_EQ(info["lost"], 0);
  EXPECT_EQ(info["mended"], 0);
  EXPECT_EQ(std::ranges::count(info["sources"], "mbedTLS"), 1) << info["sources"];
  ASSERT_EQ(info["pools"].size(), 6U);
  EXPECT_EQ(info["pools"][4]["name"], "tls objects");
  EXPECT_EQ(
      goodJson({"replay", at("trace"), "--config", at("pools.json"), "--json"})["exhausted"]["tls objects"],
      0);
}

TEST_F(TraceCommand, ASimulatedDeviceLivesOnThePoolsOfAFile) {
  const std::vector<std::string> soak{"soak", "--days", "0.002", "--json"};
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = soak;
    all.insert(all.end(), more.begin(), more.end());
    return goodJson(all);
  };
  const nlohmann::json plain = with({"--trace", at("trace")});
  const nlohmann::json info = goodJson({"trace", "info", at("trace"), "--json"});
  EXPECT_GT(info["events"], plain["allocations"]);
  std::ofstream(at("pools.json"))
      << R"({"pools": [{"name": "audio", "kind": "blocks", "blocks": 4, "block_size": 4096}]})";
  const nlohmann::json pooled = with({"--pools", at("pools.json"), "--trace", at("again")});
  EXPECT_EQ(pooled["requests_hash"], plain["requests_hash"]);
  EXPECT_EQ(goodJson({"trace", "info", at("again"), "--json"})["pools"][0]["block_size"], 4096);
}

TEST_F(TraceCommand, RepairsATraceThatWasCut) {
  goodJson({"soak", "--days", "0.002", "--json", "--trace", at("trace")});
  std::filesystem::resize_file(folder_ / "trace/stream",
                               std::filesystem::file_size(folder_ / "trace/stream") - 1);
  expectRefused({"trace", "info", at("trace")}, 1, "`millpond trace repair` keeps the whole packets");
  expectRefused({"tune", at("trace")}, 1, "`millpond trace repair` keeps the whole packets");
  good({"trace", "repair", at("trace"), "--out", at("whole")});
  EXPECT_GT(goodJson({"trace", "info", at("whole"), "--json"})["events"], 0);
}

TEST_F(TraceCommand, RefusesWhatCannotBe) {
  goodJson({"soak", "--days", "0.0001", "--json", "--trace", at("trace")});
  std::ofstream(at("other.json"))
      << R"({"pools": [{"name": "other", "kind": "blocks", "blocks": 4, "block_size": 64}]})";
  std::ofstream(at("text.json")) << "pools";
  expectRefused({"trace", "info", at("none")}, 1, "not a folder");
  expectRefused({"trace", "export", at("trace"), "--format", "xml"}, 2, "xml");
  expectRefused({"trace", "info", ""}, 2, "an empty value is not allowed");
  expectRefused({"trace", "repair", at("trace"), "--out", at("trace")}, 1, "has files already");
  expectRefused({"replay", at("trace")}, 2, "--config is required");
  expectRefused({"replay", at("trace"), "--config", at("none.json")}, 1, "cannot read");
  expectRefused({"replay", at("trace"), "--config", at("text.json")}, 1, "is not JSON");
  expectRefused({"replay", at("trace"), "--config", at("other.json")}, 1,
                "has no pool for any class of requests in");
  expectRefused({"soak", "--pools", at("none.json")}, 1, "cannot read");
  expectRefused({"soak", "--pools", at("other.json"), "--policy", "pools"}, 2, "excludes");
  expectRefused({"soak", "--trace", at("trace")}, 1, "has files already");
  expectRefused({"stream", "--to", "127.0.0.1:1", "--tone", "1", "--trace", at("trace")}, 1,
                "has files already");
}

TEST_F(TraceCommand, ADeviceThatCannotStartLeavesNoFolder) {
  std::ofstream(at("none.pem")) << "no certificate";
  expectRefused({"stream", "--to", "localhost:1", "--tone", "1", "--tls", "--tls-ca", at("none.pem"),
                 "--trace", at("trace")},
                1, "none.pem");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "trace"));
}

}  // namespace
}  // namespace millpond::test
