// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "lab/device/Scenario.h"
#include "lab/heaps/DeviceRam.h"
#include "lab/policies/Policies.h"

namespace millpond::lab {
namespace {

/// A policy in the RAM of the ADR's device.
struct Served {
  explicit Served(const std::string& name, const Scenario& device = loadScenario("adr-device"))
      : scenario(device), ram(scenario.ram.total_bytes), policy(makePolicy(name, scenario, ram.span())) {}

  std::uint32_t place(RequestClass kind, std::uint32_t bytes, const char* source = "test") const {
    void* memory = policy->allocate({kind, bytes, source});
    if (memory == nullptr) return refused;
    return static_cast<std::uint32_t>(static_cast<std::byte*>(memory) - ram.span().data());
  }
  void free(std::uint32_t place, RequestClass kind, std::uint32_t bytes) const {
    policy->release(ram.span().data() + place, kind, bytes);
  }
  std::uint32_t heldBytes() const {
    std::uint32_t held = 0;
    policy->forEachHeld([&held](std::uint32_t, std::uint32_t bytes) { held += bytes; });
    return held;
  }

  static constexpr std::uint32_t refused = UINT32_MAX;
  Scenario scenario;
  DeviceRam ram;
  std::unique_ptr<Policy> policy;
};

std::string refusal(const std::string& name, const std::string& scenario) {
  try {
    const Served served(name, parseScenario(scenario, "own.toml"));
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

class EachPolicy : public testing::TestWithParam<std::string> {};

TEST_P(EachPolicy, ServesEveryClassInsideTheRamBehindTheStaticBuffers) {
  const Served served(GetParam());
  const std::uint32_t held_before = served.heldBytes();
  std::vector<std::pair<std::uint32_t, std::uint32_t>> blocks;
  for (std::size_t kind = 0; kind < request_classes; ++kind) {
    for (const std::uint32_t bytes : {80U, 600U}) {
      const std::uint32_t place = served.place(static_cast<RequestClass>(kind), bytes);
      ASSERT_NE(place, Served::refused) << request_class_names[kind];
      EXPECT_GE(place, served.scenario.ram.static_bytes);
      EXPECT_LE(place + bytes, served.scenario.ram.total_bytes);
      EXPECT_EQ(place % 4, 0U);
      for (const auto& [other, size] : blocks) EXPECT_TRUE(place >= other + size || other >= place + bytes);
      blocks.emplace_back(place, bytes);
    }
  }
  EXPECT_GE(served.heldBytes(), held_before + 6 * (80 + 600));
  for (std::size_t block = 0; block < blocks.size(); ++block) {
    served.free(blocks[block].first, static_cast<RequestClass>(block / 2), blocks[block].second);
  }
  EXPECT_EQ(served.heldBytes(), held_before);
}

TEST_P(EachPolicy, ItsHolesAndWhatIsHeldAreTheRam) {
  const Served served(GetParam());
  const Holes holes = served.policy->holes();
  EXPECT_GE(holes.free, holes.largest);
  EXPECT_LE(holes.free + served.heldBytes(), served.scenario.ram.total_bytes);
}

INSTANTIATE_TEST_SUITE_P(Policies, EachPolicy, testing::ValuesIn(policyNames()), [](const auto& named) {
  std::string name = named.param;
  for (char& letter : name) letter = std::isalnum(static_cast<unsigned char>(letter)) != 0 ? letter : '_';
  return name;
});

TEST(PoolPolicy, TakesWhatThePoolsLackFromTheHeapAndSaysSo) {
  const Served served("pools");
  std::vector<std::uint32_t> places;
  for (int block = 0; block < 4; ++block) places.push_back(served.place(RequestClass::audio, 4096));
  EXPECT_EQ(served.policy->spilledBytes(), 0U);
  EXPECT_EQ(served.policy->steps(), 1U);
  const std::uint32_t fifth = served.place(RequestClass::audio, 4096);
  EXPECT_NE(fifth, Served::refused);
  EXPECT_EQ(served.policy->spilledBytes(), 4096U);
  EXPECT_GT(served.policy->steps(), 1U);
  served.free(fifth, RequestClass::audio, 4096);
  for (const std::uint32_t place : places) served.free(place, RequestClass::audio, 4096);
  EXPECT_EQ(served.place(RequestClass::audio, 4096), places.front());
  EXPECT_EQ(served.policy->spilledBytes(), 4096U);
}

TEST(PoolPolicy, LeavesTheRestToTheHeap) {
  const Served served("pools");
  const std::uint32_t free_before = served.policy->holes().free;
  served.place(RequestClass::audio, 4096);
  served.place(RequestClass::network, 19200);
  served.place(RequestClass::general, 1000);
  EXPECT_EQ(served.policy->holes().free, free_before);
  served.place(RequestClass::tls, 16717);
  EXPECT_EQ(served.policy->holes().free, free_before - 17408 - 4) << "17 KiB, and a header";
  served.place(RequestClass::pbuf, 1600);
  EXPECT_EQ(served.policy->holes().free, free_before - 17408 - 4 - 1600 - 4);
}

TEST(PoolPolicy, WithNetPbufsAndRecordsHavePoolsToo) {
  const Served served("pools+net");
  const std::uint32_t free_before = served.policy->holes().free;
  served.place(RequestClass::pbuf, 1600);
  served.place(RequestClass::tls, 16717);
  served.place(RequestClass::tls, 4400);
  EXPECT_EQ(served.policy->holes().free, free_before);
  served.place(RequestClass::tls, 600);
  EXPECT_EQ(served.policy->holes().free, free_before - 608 - 4) << "a handshake's objects stay on the heap";
  served.place(RequestClass::tls, 16717);
  EXPECT_LT(served.policy->holes().free, free_before - 16717) << "there is a pool for one connection";
}

TEST(StaticPolicy, TakesTheSmallestBufferThatIsFreeAndLargeEnough) {
  const Served served("static", parseScenario("[static]\nsmall = 1\nmedium = 1\nlarge = 1\n", "own"));
  const std::uint32_t small = served.place(RequestClass::small, 100);
  const std::uint32_t medium = served.place(RequestClass::small, 100);
  const std::uint32_t large = served.place(RequestClass::small, 100);
  EXPECT_EQ(medium, small + 256);
  EXPECT_EQ(large, medium + 512);
  EXPECT_EQ(served.place(RequestClass::small, 100), Served::refused);
  served.free(medium, RequestClass::small, 100);
  EXPECT_EQ(served.place(RequestClass::small, 600), Served::refused);
  EXPECT_EQ(served.place(RequestClass::small, 512), medium);
}

TEST(StaticPolicy, HasAsManyBuffersAsThereAreAndNoMore) {
  const Served served("static");
  for (int block = 0; block < 2; ++block) {
    EXPECT_NE(served.place(RequestClass::network, 19200), Served::refused);
  }
  EXPECT_EQ(served.place(RequestClass::network, 19200), Served::refused);
  EXPECT_EQ(served.place(RequestClass::audio, 4097), Served::refused);
}

TEST(MakePolicy, RefusesWhatCannotBe) {
  EXPECT_EQ(refusal("best-fit", ""),
            "no policy best-fit: there are pools, pools+net, esp-idf, heap_4, tlsf, static, plugin:FILE.so");
  EXPECT_EQ(refusal("", ""),
            "no policy : there are pools, pools+net, esp-idf, heap_4, tlsf, static, plugin:FILE.so");
  EXPECT_EQ(refusal("pools", "[pools]\naudio_block_bytes = 1001"),
            "the scenario's [pools] cannot be: a block's bytes must be a multiple of 8 up to 16777215");
  EXPECT_EQ(refusal("pools", "[pools]\ngeneral_granule_bytes = 384"),
            "the scenario's [pools] cannot be: a granule must be a power of two of bytes");
  EXPECT_EQ(refusal("pools+net", "[net_pools]\ntls_block_bytes = 17"),
            "the scenario's [net_pools] cannot be: a block's bytes must be a multiple of 8 up to 16777215");
  EXPECT_EQ(refusal("pools+net", "[net_pools]\npbuf_blocks = 100"),
            "the scenario's pools leave no room for a heap in ram.total_bytes, 204800");
  EXPECT_EQ(
      refusal("static", "[static]\nlarge = 1000"),
      "the scenario's static buffers need more than ram.total_bytes, 204800: make some in [static] fewer");
  EXPECT_EQ(
      refusal("static", "[boot]\nreceive_buffers = 1000\nreceive_bytes = 200000"),
      "the scenario's static buffers need more than ram.total_bytes, 204800: make some in [static] fewer");
}

}  // namespace
}  // namespace millpond::lab
