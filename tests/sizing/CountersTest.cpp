// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "sizing/Counters.h"
#include "tests/support/TempFolder.h"

namespace millpond::sizing {
namespace {

class CountersTest : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name) << text;
    return (folder / name).string();
  }
  // A device with two audio blocks.
  std::string writeDevice(const std::string& name, const std::vector<std::uint64_t>& refused,
                          double seconds = 86400, const std::string& device = "",
                          const std::string& boot = "") const {
    Counters counters{.pools = {}, .seconds = seconds, .devices = 1};
    const auto blocks = static_cast<std::uint32_t>(refused.size() - 1);
    counters.pools.push_back({{"audio", false, blocks, 4096}, refused, ""});
    nlohmann::json json{{"what_if", toJson(counters)}};
    if (!device.empty()) json["device"] = device;
    if (!boot.empty()) json["boot"] = boot;
    return write(name, json.dump());
  }
  static std::string errorOf(const std::vector<std::string>& files) {
    try {
      readCounters(files);
    } catch (const SizingError& error) {
      return error.what();
    }
    return "";
  }

  test::TempFolder folder;
};

TEST_F(CountersTest, AreThoseOfTheManager) {
  StaticMemoryManager<MemoryConfig{}> memory;
  void* first = memory.allocateAudioBuffer(100, "source");
  void* second = memory.allocateAudioBuffer(100, "source");
  memory.deallocate(second);
  memory.deallocate(memory.allocateAudioBuffer(100, "source"));
  memory.deallocate(first);
  const Counters counters = countersOf(memory, 86400);
  ASSERT_EQ(counters.pools.size(), 3U);
  EXPECT_EQ(counters.pools[0].refused, (std::vector<std::uint64_t>{3, 2, 0, 0, 0}));
  EXPECT_EQ(counters.pools[0].leastBlocks(), 2U);
  const std::vector<std::string> lines = whatIfLines(counters);
  EXPECT_EQ(lines[0], "audio: 4 blocks, 2 would have done; 1 would have refused 2 times a day");
  EXPECT_EQ(lines[1], "network: 2 blocks, 0 would have done");
  EXPECT_EQ(
      lines[2],
      "general: 8 granules; what fewer would have refused is not known, because its requests take runs of "
      "granules");
}

TEST_F(CountersTest, OfManyDevicesAddUp) {
  const Counters counters = readCounters({writeDevice("a", {9, 4, 0}), writeDevice("b", {5, 0, 0})});
  EXPECT_EQ(counters.devices, 2U);
  EXPECT_EQ(counters.seconds, 2 * 86400);
  EXPECT_EQ(counters.pools[0].refused, (std::vector<std::uint64_t>{14, 4, 0}));
}

TEST_F(CountersTest, OfOneDeviceTwiceCountOnce) {
  const Counters counters = readCounters(
      {writeDevice("a", {9, 4, 0}, 100, "kitchen"), writeDevice("b", {12, 5, 0}, 200, "kitchen")});
  EXPECT_EQ(counters.devices, 1U);
  EXPECT_EQ(counters.pools[0].refused, (std::vector<std::uint64_t>{12, 5, 0}));
}

TEST_F(CountersTest, ThatFellAreThoseOfADeviceThatRestarted) {
  const std::string error =
      errorOf({writeDevice("a", {9, 4, 0}, 100, "kitchen"), writeDevice("b", {8, 4, 0}, 200, "kitchen")});
  EXPECT_NE(error.find("has restarted"), std::string::npos) << error;
}

TEST_F(CountersTest, OfADeviceThatRestartedAddUpByItsBoots) {
  const Counters counters = readCounters({writeDevice("a", {9, 4, 0}, 100, "kitchen", "1"),
                                          writeDevice("b", {2, 1, 0}, 50, "kitchen", "2"),
                                          writeDevice("c", {3, 1, 0}, 60, "kitchen", "2")});
  EXPECT_EQ(counters.devices, 1U);
  EXPECT_EQ(counters.starts, 2U);
  EXPECT_EQ(counters.seconds, 160);
  EXPECT_EQ(counters.pools[0].refused, (std::vector<std::uint64_t>{12, 5, 0}));
  EXPECT_NE(errorOf({writeDevice("d", {9, 4, 0}, 100, "kitchen", "1"),
                     writeDevice("e", {8, 4, 0}, 200, "kitchen", "1")})
                .find("in the order of time"),
            std::string::npos);
}

// Each line: what stands in a good file, what stands there instead, and what the error says.
TEST_F(CountersTest, RefuseEveryFieldThatIsNotWhatItShouldBe) {
  const std::string good =
      R"({"what_if": {"format": 1, "seconds": 9, "pools": [{"name": "audio", "kind": "blocks", "blocks": 2, )"
      R"("block_size": 4096, "refused_with": [9, 3, 0], "exact": true, "why": ""}]}})";
  const char* const cases[][3] = {
      {R"("format": 1)", R"("format": "1")", "of format \"1\""},
      {R"("format": 1)", R"("format": 1.5)", "of format 1.5"},
      {R"("format": 1)", R"("format": 4294967297)", "of format 4294967297"},
      {R"({"format": 1)", R"([1], "x": {"format": 1)", "of format null"},
      {R"("seconds": 9)", R"("seconds": 1e308)", "more than a hundred years"},
      {R"("seconds": 9)", R"("seconds": NaN)", "not JSON"},
      {R"("seconds": 9)", R"("seconds": true)", "no number"},
      {R"("pools": [)", R"("pools": [], "x": [)", "no list of pools"},
      {R"("pools": [)", R"("pools": 7, "x": [)", "no list of pools"},
      {R"("pools": [)", R"("pools": [null, )", "it needs seconds and a list of pools"},
      {R"("kind": "blocks")", R"("kind": "rings")", "blocks or runs"},
      {R"("name": "audio")", R"("name": "")", "1 to 15 printable"},
      {R"("name": "audio")", R"("name": "a\nb")", "1 to 15 printable"},
      {R"("blocks": 2)", R"("blocks": 4294967298)", "from 1 to 1024"},
      {R"("blocks": 2)", R"("blocks": 2.7)", "is 2.7, not a whole number"},
      {R"("blocks": 2)", R"("blocks": 3)", "3 counts instead of one more"},
      {R"("block_size": 4096)", R"("block_size": -1)", "is -1, not a whole number"},
      {"[9, 3, 0]", "[9.5, 3, 0]", "is 9.5, not a whole number"},
      {"[9, 3, 0]", "[-1, -2, -3]", "is -1, not a whole number"},
      {"[9, 3, 0]", "[18446744073709551615, 3, 0]", "not a whole number from 0"},
      {R"("exact": true)", R"("exact": false)", "does not say why"},
      {R"("exact": true)", R"("exact": 1)", "it needs seconds and a list of pools"},
  };
  EXPECT_EQ(errorOf({write("good", good)}), "");
  for (const auto& [from, to, reason] : cases) {
    std::string bad = good;
    bad.replace(bad.find(from), std::string_view(from).size(), to);
    const std::string error = errorOf({write("bad", bad)});
    EXPECT_NE(error.find(reason), std::string::npos) << to << ": " << error;
    EXPECT_EQ(error.find('\n'), std::string::npos) << to << ": " << error;
  }
  std::string twice = good;
  const std::size_t pool = twice.find(R"({"name")");
  twice.insert(pool, twice.substr(pool, twice.find("]}}") - pool) + ", ");
  EXPECT_NE(errorOf({write("twice", twice)}).find("two pools are called audio"), std::string::npos);
  EXPECT_NE(errorOf({folder.path().string()}).find("cannot be read"), std::string::npos);
}

TEST_F(CountersTest, RefuseWhatTheyCannotUse) {
  EXPECT_NE(errorOf({(folder / "none").string()}).find("cannot be read"), std::string::npos);
  EXPECT_NE(errorOf({write("cut", R"({"what_if": {"form)")}).find("not JSON, or cut"), std::string::npos);
  EXPECT_NE(errorOf({write("foreign", "{}")}).find("has no \"what_if\""), std::string::npos);
  EXPECT_NE(errorOf({write("later", R"({"what_if": {"format": 2}})")})
                .find("of format 2, and this version reads format 1"),
            std::string::npos);
  EXPECT_NE(errorOf({write("damaged", R"({"what_if": {"format": 1, "seconds": "x"}})")}).find("is damaged"),
            std::string::npos);
  EXPECT_NE(errorOf({writeDevice("rising", {1, 2, 0})}).find("contradict each other"), std::string::npos);
  EXPECT_NE(errorOf({writeDevice("instant", {1, 0, 0}, 0)}).find("has not run"), std::string::npos);
  EXPECT_NE(errorOf({writeDevice("a", {1, 0, 0}), writeDevice("b", {1, 0})}).find("different pools"),
            std::string::npos);
}

}  // namespace
}  // namespace millpond::sizing
