// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "lab/policies/PoolFile.h"
#include "lab/soak/Soak.h"
#include "tests/support/TempFolder.h"

namespace millpond::lab {
namespace {

using nlohmann::json;

json pool(const std::string& name, const std::string& kind, std::uint32_t blocks, std::uint32_t block_size) {
  return {{"name", name}, {"kind", kind}, {"blocks", blocks}, {"block_size", block_size}};
}

json adrPools() {
  return {pool("audio", "blocks", 4, 4096), pool("network", "blocks", 2, 20480),
          pool("general", "runs", 8, 512)};
}

PoolFile fileOf(const json& pools) { return {json{{"pools", pools}}, "pools.json"}; }

void expectRefused(const json& file, const std::string& reason) {
  std::string why;
  try {
    const PoolFile pools(file, "pools.json");
  } catch (const std::runtime_error& error) {
    why = error.what();
  }
  EXPECT_EQ(why, "pools.json: " + reason);
}

TEST(PoolFile, GivesTheConfigurationOfItsPools) {
  json pools = adrPools();
  pools.push_back(pool("tls", "blocks", 3, 16384));
  const PoolFile file = fileOf(pools);
  const MemoryConfig& config = file.config();
  EXPECT_EQ(config.audio_buffer_pool_size, 4U);
  EXPECT_EQ(config.network_block_size, 20480U);
  EXPECT_EQ(config.general_buffer_pool_size, 8U);
  EXPECT_EQ(config.more[0].blocks, 3U);
  EXPECT_EQ(config.check(), ConfigError::none);
  EXPECT_EQ(fileOf(json::array({pool("small", "blocks", 9, 64)})).config().audio_buffer_pool_size, 0U);
}

TEST(PoolFile, SendsAClassToTheFirstPoolThatIsLargeEnough) {
  json pools{pool("short", "blocks", 9, 64), pool("long", "blocks", 9, 256),
             pool("general", "runs", 64, 128)};
  pools[0]["classes"] = pools[1]["classes"] = {"small"};
  const PoolFile file = fileOf(pools);
  EXPECT_EQ(file.poolFor("small", 64), poolIdOf(3));
  EXPECT_EQ(file.poolFor("small", 65), poolIdOf(4));
  EXPECT_EQ(file.poolFor("small", 1000), poolIdOf(4)) << "which is to refuse it";
  EXPECT_EQ(file.poolFor("general", 4096), PoolId::general);
  EXPECT_EQ(file.poolFor("short", 1), PoolId::none) << "the pool's own name is no class any more";
  EXPECT_EQ(file.poolFor("audio", 1), PoolId::none);
}

TEST(PoolFile, SaysWhatIsWrongAndWhatIsAllowed) {
  const auto refusedPool = [](const json& one, const std::string& reason) {
    expectRefused({{"pools", {one}}}, reason);
  };
  const std::string form =
      "it needs a list `pools`, each with name, kind (blocks or runs), blocks and block_size";
  expectRefused(json::object(), form);
  expectRefused(json::array(), form);
  expectRefused({{"pools", json::array()}}, "its list `pools` is empty");
  expectRefused({{"pools", 3}}, "its list `pools` is empty");
  refusedPool({{"name", "audio"}}, form);
  refusedPool(pool("", "blocks", 1, 64), "a pool's name has 1 to 15 characters, not \"\"");
  refusedPool(pool("sixteen letters!", "blocks", 1, 64),
              "a pool's name has 1 to 15 characters, not \"sixteen letters!\"");
  refusedPool(pool("audio", "block", 1, 64), "the kind of audio is blocks or runs, not block");
  refusedPool(pool("audio", "runs", 1, 64), "the kind of audio is blocks");
  refusedPool(pool("general", "blocks", 1, 64), "the kind of general is runs");
  refusedPool(pool("audio", "blocks", 1025, 64), "a pool has at most 1024 blocks");
  refusedPool(pool("audio", "blocks", 1, 60), "a block_size must be a multiple of 8 above 0");
  refusedPool(pool("general", "runs", 8, 96), "the block_size of runs must be a power of two");
  refusedPool(pool("audio", "blocks", 1, 1U << 24U),
              "a block_size must stay below 16 MiB, and so must 32 granules");
  refusedPool(pool("heap", "blocks", 1, 64), "two pools have the same name, or one is named heap");
  json negative = pool("audio", "blocks", 1, 64);
  negative["blocks"] = -1;
  refusedPool(negative, "the blocks of audio is not a whole number");
  expectRefused({{"pools", {pool("audio", "blocks", 1, 64), pool("audio", "blocks", 2, 64)}}},
                "two pools have the name audio");
  json many = json::array();
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) many.push_back(pool(name, "blocks", 1, 64));
  expectRefused({{"pools", many}}, "at most 5 pools have other names than audio, network and general");
}

TEST(PoolFile, RefusesAFolder) {
  try {
    const lab::PoolFile pools(std::filesystem::temp_directory_path());
    FAIL() << "no error";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()).find("cannot read /"), 0U) << error.what();
  }
}

TEST(PoolFile, RefusesAFileThatIsNoJson) {
  const millpond::test::TempFolder folder;
  EXPECT_THROW(PoolFile(folder / "missing.json"), std::runtime_error);
  std::ofstream(folder / "text.json") << "pools";
  EXPECT_THROW(PoolFile(folder / "text.json"), std::runtime_error);
}

// The pools of a file in a device's life

TEST(FilePolicy, ServesADayAsThePoolsOfItsScenarioDo) {
  const SoakResult result = soak(loadScenario("adr-device"), fileOf(adrPools()), 0.002, 1);
  EXPECT_TRUE(result.passed());
  EXPECT_EQ(result.heap_bytes_from_pooled_classes, 0U);
  const SoakResult same = soak(loadScenario("adr-device"), "pools", 0.002, 1);
  EXPECT_EQ(result.allocations, same.allocations);
}

TEST(FilePolicy, CountsWhatPoolsThatAreTooSmallTakeFromTheHeap) {
  const SoakResult result =
      soak(loadScenario("adr-device"), fileOf(json::array({pool("audio", "blocks", 1, 4096)})), 0.002, 1);
  EXPECT_GT(result.heap_bytes_from_pooled_classes, 0U);
  EXPECT_TRUE(result.passed()) << "the heap has room";
}

TEST(FilePolicy, RefusesPoolsThatLeaveNoRoom) {
  const PoolFile file = fileOf(json::array({pool("audio", "blocks", 512, 4096)}));
  EXPECT_THROW(soak(loadScenario("adr-device"), file, 0.002, 1), std::runtime_error);
}

}  // namespace
}  // namespace millpond::lab
