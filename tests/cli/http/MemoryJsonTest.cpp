// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/http/DeviceView.h"
#include "cli/show/MemoryReport.h"
#include "millpond/MemoryJson.h"
#include "millpond/Version.h"
#include "sizing/Counters.h"
#include "tests/support/TestHeap.h"

namespace millpond {
namespace {

constexpr MemoryJson::Device kitchen{
    .name = "kitchen", .boot = "life 1", .time_ms = 1'700'000'000'123, .up_ms = 61'005};

std::string writtenText(const MemoryManager& memory, const Pressure* pressure,
                        const MemoryJson::Device& device = kitchen, std::size_t buffer_size = 4096) {
  std::vector<char> buffer(buffer_size);
  MemoryJson json(memory, pressure, device);
  std::string all;
  while (const std::size_t bytes = json.write(buffer)) all.append(buffer.data(), bytes);
  EXPECT_FALSE(json.tooSmall());
  return all;
}

nlohmann::json written(const MemoryManager& memory, const Pressure* pressure = nullptr) {
  return nlohmann::json::parse(writtenText(memory, pressure));
}

class MemoryJsonTest : public testing::Test {
 protected:
  void TearDown() override { Port::driveTicks(0); }

  test::TestHeap heap;
  StaticMemoryManager<MemoryConfig{}> memory{heap.heap()};
};

TEST_F(MemoryJsonTest, HasThePoolsAndCountersThatReportsHave) {
  std::array<Buffer, 6> held;
  for (Buffer& block : held) block = memory.audioBuffer(10, "capture");
  held[1] = {};
  held[1] = memory.audioBuffer(4000, "capture");
  const Buffer run = memory.generalBuffer(600, "json");
  const nlohmann::json json = written(memory);
  EXPECT_EQ(json["pools"], cli::poolsJson(memory.stats()));
  EXPECT_EQ(json["what_if"], sizing::toJson(sizing::countersOf(memory, 61.005)));
  EXPECT_EQ(json["what_if"]["pools"][0]["refused_with"], nlohmann::json({7, 6, 4, 3, 2}));
}

TEST_F(MemoryJsonTest, IsServedWholeHoweverLongANameIs) {
  const std::string name(5000, '"');
  const Buffer held = memory.audioBuffer(10, name.c_str());
  const Pressure pressure(memory);
  const auto pages =
      cli::pagesOf({.name = "", .memory = memory, .pressure = pressure, .seconds = [] { return 1.0; }}, "");
  const auto body = [&pages](const char* path) {
    return std::ranges::find(pages, path, &cli::HttpPage::path)->reply("").body;
  };
  EXPECT_TRUE(body("/metrics").ends_with("millpond_guard_violations_total 0\n"));
  EXPECT_EQ(nlohmann::json::parse(body("/memory.json"))["blocks"][0]["source"], name);
}

TEST_F(MemoryJsonTest, OmitsAPoolWithoutBlocksFromWhatIf) {
  const StaticMemoryManager<MemoryConfig{
      .audio_buffer_pool_size = 40, .network_buffer_pool_size = 0, .audio_block_size = 64}>
      other{heap.heap()};
  const nlohmann::json json = written(other);
  EXPECT_EQ(json["what_if"], sizing::toJson(sizing::countersOf(other, 61.005)));
  EXPECT_EQ(json["what_if"]["pools"].size(), 2U);
  EXPECT_EQ(json["pools"].size(), 4U);
}

TEST_F(MemoryJsonTest, HasEveryHeldBlockWithItsHolderAndAge) {
  Port::driveTicks(1);
  const Buffer first = memory.audioBuffer(4000, "capture");
  Port::driveTicks(1 + 1000);
  const Buffer large = memory.audioBuffer(5000, "json");
  const nlohmann::json expected = {
      {{"pool", "audio"},
       {"index", 0},
       {"source", "capture"},
       {"size", 4000},
       {"granted", 4096},
       {"age_ms", 65536}},
      {{"pool", "heap"}, {"index", 0}, {"source", "json"}, {"size", 5000}, {"granted", 5000}, {"age_ms", 0}}};
  EXPECT_EQ(written(memory)["blocks"], expected);
}

TEST_F(MemoryJsonTest, SaysWhatTheDeviceIsAndWhen) {
  const nlohmann::json json = written(memory);
  EXPECT_EQ(json["device"], "kitchen");
  EXPECT_EQ(json["boot"], "life 1");
  EXPECT_EQ(json["version"], MILLPOND_VERSION);
  EXPECT_EQ(json["time_ms"], 1'700'000'000'123);
  EXPECT_EQ(json["seconds"], 61.005);
  EXPECT_EQ(json["static_bytes"], 0);
  EXPECT_EQ(json["blocks"], nlohmann::json::array());
  const nlohmann::json nameless = nlohmann::json::parse(writtenText(memory, nullptr, {}));
  EXPECT_TRUE(nameless["device"].is_null());
  EXPECT_TRUE(nameless["boot"].is_null());
}

TEST_F(MemoryJsonTest, HasNullForWhatNobodyKnows) {
  const nlohmann::json unknown = {{"free", nullptr}, {"largest", nullptr}};
  EXPECT_EQ(written(memory)["heap"], unknown);
  EXPECT_TRUE(written(memory)["pressure"]["level"].is_null());
  {
    const Pressure pressure(memory);
    EXPECT_EQ(written(memory, &pressure)["heap"], unknown);
    EXPECT_EQ(written(memory, &pressure)["pressure"]["level"], "normal");
  }
  heap.setFree(30000);
  heap.setLargest(25000);
  const Pressure pressure(memory);
  const nlohmann::json json = written(memory, &pressure);
  EXPECT_EQ(json["heap"], nlohmann::json({{"free", 30000}, {"largest", 25000}}));
  EXPECT_EQ(json["pressure"]["level"], "warning");
}

TEST_F(MemoryJsonTest, NamesThePoolsWhoseMemoryIsWithTheHeap) {
  EXPECT_EQ(written(memory)["released"], nlohmann::json::array());
  StaticMemoryManager<MemoryConfig{.audio_reclaimable = true, .general_reclaimable = true}> other{
      heap.heap()};
  other.releaseIdlePools();
  EXPECT_EQ(written(other)["released"], nlohmann::json({"audio", "general"}));
}

TEST_F(MemoryJsonTest, EscapesNamesAndReplacesWhatIsNotUtf8) {
  const Buffer held = memory.audioBuffer(10, "a\"b\\c\n\t\x1F\x7F\xFF\xC3\xA9\xED\xA0\x80");
  const Buffer cut = memory.audioBuffer(10, "\xE2\x82");
  const nlohmann::json json =
      nlohmann::json::parse(writtenText(memory, nullptr, {.name = "\x01\"", .boot = "\xC0\x80"}));
  EXPECT_EQ(json["blocks"][0]["source"], "a\"b\\c\n\t\x1F\x7F?\xC3\xA9\?\?\?");
  EXPECT_EQ(json["blocks"][1]["source"], "\?\?");
  EXPECT_EQ(json["device"], "\x01\"");
  EXPECT_EQ(json["boot"], "\?\?");
}

TEST_F(MemoryJsonTest, IsTheSameWhateverTheSizeOfTheBuffer) {
  std::array<Buffer, 5> held;
  for (Buffer& block : held) block = memory.audioBuffer(10, "capture");
  const std::string all = writtenText(memory, nullptr);
  for (const std::size_t size : {MemoryJson::longest_piece, MemoryJson::longest_piece + 77, all.size()}) {
    EXPECT_EQ(writtenText(memory, nullptr, kitchen, size), all) << size;
  }
}

TEST_F(MemoryJsonTest, ABufferTooSmallForOnePieceFailsAndCutsNone) {
  std::array<char, 8> small{};
  std::array<char, 4096> large{};
  MemoryJson json(memory, nullptr, kitchen);
  EXPECT_EQ(json.write(small), 0U);
  EXPECT_TRUE(json.tooSmall());
  std::string all;
  // Of each two buffers one has no room for a piece: what was written before stays whole.
  while (true) {
    const std::size_t bytes = json.write(large);
    if (bytes == 0) break;
    all.append(large.data(), bytes);
    EXPECT_EQ(json.write({}), 0U);
  }
  EXPECT_FALSE(json.tooSmall());
  EXPECT_EQ(all, writtenText(memory, nullptr));
}

// What others allocate while a document is written: the counters in it fall all the same.
TEST_F(MemoryJsonTest, CountersDoNotContradictEachOtherWhileOthersAllocate) {
  MemoryJson json(memory, nullptr, kitchen);
  std::array<char, MemoryJson::longest_piece> buffer{};
  std::string all;
  while (const std::size_t bytes = json.write(buffer)) {
    all.append(buffer.data(), bytes);
    std::array<Buffer, 5> held;
    for (Buffer& block : held) block = memory.audioBuffer(10, "capture");
  }
  const nlohmann::json counts = nlohmann::json::parse(all)["what_if"]["pools"][0]["refused_with"];
  EXPECT_EQ(counts.size(), 5U);
  EXPECT_TRUE(std::is_sorted(counts.rbegin(), counts.rend())) << counts;
}

// What an allocation may wait for are the heap's lock, within its calls, and that of the tasks.
TEST_F(MemoryJsonTest, AsksTheHeapNothingAndTakesNoLock) {
  const Pressure pressure(memory);
  const Buffer held = memory.audioBuffer(10, "capture");
  const std::size_t walks = heap.walks();
  heap.setOnAsk([] { ADD_FAILURE() << "a reader asks the heap"; }, nullptr);
  heap.setOnCall([] { ADD_FAILURE() << "a reader uses the heap"; });
  memory.core().tasks_.lock();
  writtenText(memory, &pressure);
  memory.core().tasks_.unlock();
  EXPECT_EQ(heap.walks(), walks);
  heap.setOnAsk(nullptr, nullptr);
  heap.setOnCall(nullptr);
}

}  // namespace
}  // namespace millpond
