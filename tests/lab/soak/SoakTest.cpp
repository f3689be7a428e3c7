// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "lab/device/Scenario.h"
#include "lab/device/Warnings.h"
#include "lab/heaps/DeviceRam.h"
#include "lab/policies/Policies.h"
#include "lab/soak/BareCost.h"
#include "lab/soak/Soak.h"

namespace millpond::lab {
namespace {

const Scenario& adrDevice() {
  static const Scenario scenario = loadScenario("adr-device");
  return scenario;
}

TEST(Soak, TheSameSeedGivesTheSameResult) {
  for (const std::string& policy : policyNames()) {
    nlohmann::json once = toJson(soak(adrDevice(), policy, 0.02, 7));
    nlohmann::json again = toJson(soak(adrDevice(), policy, 0.02, 7));
    once.erase("seconds");
    again.erase("seconds");
    EXPECT_EQ(once, again) << policy;
    EXPECT_NE(soak(adrDevice(), policy, 0.02, 8).digest, soak(adrDevice(), policy, 0.02, 7).digest) << policy;
  }
}

TEST(Soak, EveryPolicyIsAskedForTheSame) {
  for (const std::string& name : builtInScenarios()) {
    const Scenario scenario = loadScenario(name);
    const SoakResult pools = soak(scenario, "pools", 0.01, 3);
    for (const std::string& policy : policyNames()) {
      const SoakResult other = soak(scenario, policy, 0.01, 3);
      EXPECT_EQ(other.requests_hash, pools.requests_hash) << name << " on " << policy;
      EXPECT_EQ(other.events, pools.events) << name << " on " << policy;
      EXPECT_EQ(other.allocations, pools.allocations) << name << " on " << policy;
    }
  }
}

/// Looks at the holes after every allocation.
class Looking : public Policy {
 public:
  explicit Looking(Policy& policy) : policy_(policy) {}

  void* allocate(const DeviceRequest& request) override {
    void* memory = policy_.allocate(request);
    least_ = std::min(least_, policy_.holes().largest);
    return memory;
  }
  void release(void* memory, RequestClass kind, std::uint32_t bytes) override {
    policy_.release(memory, kind, bytes);
  }
  std::uint32_t steps() const override { return policy_.steps(); }
  Holes holes() const override { return policy_.holes(); }
  void forEachHeld(const std::function<void(std::uint32_t, std::uint32_t)>& visit) const override {
    policy_.forEachHeld(visit);
  }

  std::uint32_t least() const { return least_; }

 private:
  Policy& policy_;
  std::uint32_t least_ = UINT32_MAX;
};

TEST(Soak, TheLeastLargestHoleIsTheTrueOne) {
  const Scenario scenario = loadScenario("tls-heavy");
  for (const std::string& policy : policyNames()) {
    const DeviceRam ram(scenario.ram.total_bytes);
    const std::unique_ptr<Policy> served = makePolicy(policy, scenario, ram.span());
    Looking looking(*served);
    const SoakResult result = soakOn(looking, ram.span(), scenario, 0.03, 1);
    EXPECT_EQ(result.largest_free_min, looking.least()) << policy;
    EXPECT_LE(served->largestRequest(looking.least()), looking.least()) << policy;
  }
}

TEST(Soak, APolicyWithTwoNamesIsOne) {
  const SoakResult old = soak(adrDevice(), "first-fit", 0.01, 1);
  EXPECT_EQ(old.policy, "heap_4");
  EXPECT_EQ(old.digest, soak(adrDevice(), "heap_4", 0.01, 1).digest);
}

// Whole numbers decide everything, so these hold on any machine, at any optimisation and under any sanitizer.
// If you change on purpose what a device does or where a policy puts it, print them again:
//   millpond soak --days 0.05 --seed 1 --scenario NAME --policy POLICY
TEST(Soak, TheDigestsAreTheSameOnAnyMachine) {
  const std::vector<std::tuple<std::string, std::string, std::uint64_t>> known{
      {"adr-device", "pools", 0xDB74F393880A5AF3U},    {"adr-device", "pools+net", 0x11CCD318E66C80CDU},
      {"adr-device", "esp-idf", 0x7E5EF187241C946DU},  {"adr-device", "heap_4", 0xBDABCDB88E20055CU},
      {"adr-device", "tlsf", 0x2277D088431B8B86U},     {"adr-device", "static", 0x3FDCEF11280826CAU},
      {"adr-varied", "pools", 0x188019A58D707E97U},    {"codec", "pools", 0xE7F20F87CE98F2DFU},
      {"full-device", "esp-idf", 0xE9B0D89456AD2C00U}, {"full-device", "pools", 0x9A4492DA6EB1E630U},
      {"psram", "pools", 0x627BA76BB03E5A60U},         {"codec", "esp-idf", 0x605D109F2A69ABBAU},
      {"stereo-44k1", "pools", 0x8F50E0296DEAD18EU},   {"stereo-44k1", "tlsf", 0x7BBCB700A04BD2E0U},
      {"tls-heavy", "pools", 0xAA51A9D523E8C83EU},     {"tls-heavy", "tlsf", 0xBE0302943B23FCCFU},
      {"leaky", "pools", 0xEB63CE524599052FU},         {"leaky", "tlsf", 0xAB86ABCBCED38646U},
  };
  for (const auto& [scenario, policy, digest] : known) {
    EXPECT_EQ(soak(loadScenario(scenario), policy, 0.05, 1).digest, digest) << scenario << " on " << policy;
  }
}

TEST(Soak, KeepsATimelineAndAMapWhereAskedFor) {
  const SoakResult plain = soak(adrDevice(), "pools", 0.1, 1);
  EXPECT_TRUE(plain.timeline.empty());
  EXPECT_TRUE(plain.map.empty());
  const SoakResult kept = soak(adrDevice(), "pools", 0.1, 1, {.timeline = true, .map = true, .progress = {}});
  EXPECT_EQ(kept.digest, plain.digest) << "looking changes nothing";
  ASSERT_EQ(kept.timeline.size(), 500U);
  ASSERT_EQ(kept.map.size(), 100U);
  std::uint64_t before = 0;
  for (const MemorySample& sample : kept.timeline) {
    EXPECT_TRUE(sample.time_us > before || sample.time_us == 0);
    before = sample.time_us;
    EXPECT_GE(sample.largest, plain.largest_free_min);
    EXPECT_LE(sample.held, plain.held_peak);
  }
  EXPECT_GT(before, 0.1 * 86400e6 * 0.99);
  for (const MapRow& row : kept.map) {
    ASSERT_EQ(row.used.size(), 128U);
    EXPECT_EQ(row.used.front(), 255) << "the static buffers are held all the time";
    ASSERT_EQ(row.kinds.size(), 128U);
    EXPECT_EQ(row.kinds.front(), request_classes) << "and no request has them";
    const std::size_t in_network_pool = (16384 + 4 * 4096) / 1600 + 1;
    EXPECT_TRUE(row.used[in_network_pool] == 0 ||
                row.kinds[in_network_pool] == static_cast<std::uint8_t>(RequestClass::network));
  }
  EXPECT_FALSE(kept.map_at_failure.has_value());
}

TEST(Soak, MapsTheMomentOfTheFirstRefusal) {
  const SoakResult failed =
      soak(adrDevice(), "tlsf", 0.1, 2, {.timeline = false, .map = true, .progress = {}});
  ASSERT_TRUE(failed.first_failure && failed.map_at_failure);
  EXPECT_EQ(failed.map_at_failure->time_us, failed.first_failure->time_us);
  EXPECT_EQ(failed.map_at_failure->used.size(), 128U);
}

TEST(Soak, SaysHowFarItIs) {
  std::vector<double> shares;
  soak(adrDevice(), "pools", 0.05, 1,
       {.timeline = false, .map = false, .progress = [&](double share) { shares.push_back(share); }});
  EXPECT_EQ(shares.size(), 0.05 * 86400 / 10 + 1);
  for (std::size_t index = 1; index < shares.size(); ++index) EXPECT_GT(shares[index], shares[index - 1]);
  EXPECT_LE(shares.back(), 1.0);
}

TEST(Soak, TheShortestRunIsOneToo) {
  for (const std::string& policy : policyNames()) {
    const SoakResult result = soak(adrDevice(), policy, 1e-11, 1);
    EXPECT_EQ(result.events, 32U) << policy << ": what boot takes";
    EXPECT_TRUE(result.leaks.empty());
  }
}

TEST(Soak, TheLibrarysLeakWatchNamesWhoLeaksAndNobodyElse) {
  const std::string quick = "[leaks]\ngeneral_every = 2000\n";
  for (const std::string policy : {"pools", "pools+net"}) {
    const SoakResult result = soak(parseScenario(quick, "own"), policy, 0.05, 1);
    ASSERT_EQ(result.leak_watch.size(), 1U) << policy;
    EXPECT_EQ(result.leak_watch[0].source, "task");
    EXPECT_TRUE(result.leak_watch[0].leaks);
    EXPECT_GT(result.leak_watch[0].time_us, 100e6);
    EXPECT_LT(result.leak_watch[0].time_us, 0.05 * 86400e6);
  }
  EXPECT_TRUE(soak(parseScenario(quick, "own"), "esp-idf", 0.02, 1).leak_watch.empty()) << "no ledger";
}

// Nothing leaks, but a drop-out makes sound wait far longer than usual.
TEST(Soak, WhomTheLeakWatchAccusesInVainIsListedAsSuch) {
  const Scenario scenario = parseScenario(
      "[capture]\nperiod_us = 3710000\n[uplink]\nchunk_bytes = 4096\nheld_back_chunks = 10\n"
      "[pools]\nnetwork_blocks = 10\nnetwork_block_bytes = 4096\n"
      "[dropouts]\nevery_s = 3000\nlast_s = [50, 60]\n",
      "own");
  const SoakResult result = soak(scenario, "pools", 0.1, 1);
  ASSERT_EQ(result.leak_watch.size(), 1U);
  EXPECT_EQ(result.leak_watch[0].source, "uplink");
  EXPECT_FALSE(result.leak_watch[0].leaks);
}

TEST(Soak, RefusesABootThatDoesNotFit) {
  for (const std::string policy : {"pools", "tlsf"}) {
    try {
      soak(parseScenario("[boot]\nobjects = 3000\n", "own"), policy, 0.01, 1);
      ADD_FAILURE() << policy;
    } catch (const std::runtime_error& error) {
      EXPECT_EQ(
          std::string(error.what()).find("the scenario's boot does not fit in ram.total_bytes, 204800: "), 0U)
          << error.what();
    }
  }
}

std::string warningsText(const std::string& scenario, const std::string& policy) {
  std::string text;
  for (const Warning& warning : warningsOf(parseScenario(scenario, "own"), policy)) {
    text += warning.key + "=" + std::to_string(warning.value) + ";";
    EXPECT_NE(warning.text.find(warning.key + " = " + std::to_string(warning.value) + " would do"),
              std::string::npos)
        << warning.text;
  }
  return text;
}

TEST(Warnings, NameTheKeyAndTheValueThatWouldDo) {
  EXPECT_EQ(warningsText("[capture]\nbuffer_bytes = 8191", "pools"), "pools.audio_block_bytes=8192;");
  EXPECT_EQ(warningsText("[uplink]\nheld_back_buffers = 8", "static"), "pools.audio_blocks=8;");
  EXPECT_EQ(warningsText("[uplink]\nchunk_bytes = [100, 20481]\nheld_back_chunks = 3", "pools"),
            "pools.network_block_bytes=20488;pools.network_blocks=3;");
  EXPECT_EQ(warningsText("[general]\ntasks = 8", "pools"), "pools.general_granules=16;");
  const std::string net = "[bursts]\npacket_bytes = [1, 1700]\n[tls]\nrecord_in_bytes = 17000";
  EXPECT_EQ(warningsText(net, "pools+net"),
            "net_pools.pbuf_block_bytes=1704;net_pools.tls_block_bytes=17000;");
  EXPECT_EQ(warningsText(net, "pools"), "");
  EXPECT_EQ(warningsText("[uplink]\nheld_back_buffers = 8", "tlsf"), "") << "it has no pools";
}

TEST(Warnings, NoneOfTheBuiltInDevicesHasAny) {
  for (const std::string& name : builtInScenarios()) {
    for (const std::string& policy : policyNames()) {
      for (const Warning& warning : warningsOf(loadScenario(name), policy)) {
        ADD_FAILURE() << name << " on " << policy << ": " << warning.text;
      }
    }
  }
}

// Pools serve what the device may hold. This is where that ends: a device that may hold more.
TEST(Soak, PoolsRefuseOrSpillWhatIsMoreThanTheyHold) {
  const SoakResult oversize =
      soak(parseScenario("[capture]\nbuffer_bytes = 8192\n", "own"), "pools", 0.01, 1);
  EXPECT_GT(oversize.heap_bytes_from_pooled_classes, 6000U * 8192)
      << "every request is larger than its pool's blocks";
  const SoakResult more = soak(parseScenario("[uplink]\nheld_back_buffers = 8\n", "own"), "pools", 0.05, 1);
  EXPECT_GT(more.heap_bytes_from_pooled_classes, 0U);
  EXPECT_EQ(more.warnings.size(), 1U);
}

TEST(MemorySample, SaysHowBrokenUpMemoryIs) {
  const MemorySample whole{.free = 1000, .largest = 1000, .free_squares = 1'000'000};
  EXPECT_DOUBLE_EQ(whole.fragmentation(), 0);
  EXPECT_DOUBLE_EQ(whole.scatter(), 0);
  const MemorySample quarters{.free = 1000, .largest = 250, .free_squares = 4 * 62500};
  EXPECT_DOUBLE_EQ(quarters.fragmentation(), 0.75);
  EXPECT_DOUBLE_EQ(quarters.scatter(), 0.5);
  EXPECT_DOUBLE_EQ(MemorySample{}.fragmentation(), 0);
  EXPECT_DOUBLE_EQ(MemorySample{}.scatter(), 0);
}

TEST(BareCost, IsOfEveryAllocationAndFree) {
  for (const std::string policy : {"pools", "static"}) {
    const SoakResult result = soak(adrDevice(), policy, 0.01, 1);
    std::uint64_t served = result.allocations;
    for (const std::uint64_t failed : result.failures) served -= failed;
    const BareCost cost = bareCost(adrDevice(), policy, 0.01, 1);
    EXPECT_EQ(cost.operations, result.allocations + served) << policy;
    EXPECT_GT(cost.seconds, 0) << policy;
    EXPECT_LT(cost.seconds, 10) << policy;
  }
}

// The short form of what `millpond compare --days 30` shows.
TEST(Soak, PoolsServeEveryAudioAndNetworkRequestWhereTheTextbooksHeapDoesNot) {
  const double days = 0.2;
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    const SoakResult pools = soak(adrDevice(), "pools", days, seed);
    EXPECT_EQ(pools.first_failure, std::nullopt) << "seed " << seed;
    EXPECT_EQ(pools.heap_bytes_from_pooled_classes, 0U) << "seed " << seed;
    EXPECT_EQ(pools.pooled_allocate_steps.max, 1U) << "seed " << seed;
    EXPECT_LE(pools.pooled_release_steps.max, 2U) << "seed " << seed;
    EXPECT_GT(static_cast<double>(pools.allocations), 6e6 * days) << "nothing is thinned out";

    const SoakResult tlsf = soak(adrDevice(), "tlsf", days, seed);
    ASSERT_TRUE(tlsf.first_failure.has_value()) << "seed " << seed;
    EXPECT_EQ(tlsf.first_failure->kind, RequestClass::network) << "seed " << seed;
    EXPECT_GT(tlsf.first_failure->free, 3 * tlsf.first_failure->bytes) << "seed " << seed;

    const SoakResult fixed = soak(adrDevice(), "static", days, seed);
    EXPECT_FALSE(fixed.passed()) << "seed " << seed;
    EXPECT_EQ(fixed.failures[0] + fixed.failures[1] + fixed.failures[2], 0U) << "seed " << seed;
  }
}

}  // namespace
}  // namespace millpond::lab
