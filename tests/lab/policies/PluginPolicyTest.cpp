// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "lab/device/Scenario.h"
#include "lab/report/Fleet.h"
#include "lab/soak/Soak.h"
#include "tests/support/TempFolder.h"

namespace millpond::lab {
namespace {

std::string plugin(const std::string& name) { return MILLPOND_PLUGINS "/" + name + ".so"; }

SoakResult live(const std::string& name) {
  return soak(loadScenario("adr-device"), "plugin:" + plugin(name), 0.01, 1);
}

void expectCaught(const std::string& name, const std::string& reason) {
  try {
    live(name);
    ADD_FAILURE() << name << " was not caught";
  } catch (const std::runtime_error& error) {
    const std::string said = error.what();
    EXPECT_EQ(said.find("plugin " + plugin(name)), 0U) << said;
    EXPECT_NE(said.find(reason), std::string::npos) << said;
    EXPECT_EQ(said.find('\n'), std::string::npos) << said;
  }
}

TEST(PluginPolicy, ServesADeviceAsTheSameAllocatorInTheProgramDoes) {
  const SoakResult own = live("good");
  const SoakResult built_in = soak(loadScenario("adr-device"), "first-fit", 0.01, 1);
  EXPECT_TRUE(own.passed());
  EXPECT_EQ(own.requests_hash, built_in.requests_hash);
  EXPECT_EQ(own.held_peak, built_in.held_peak);
  EXPECT_EQ(own.samples_lost, built_in.samples_lost);
  EXPECT_EQ(own.digest, live("good").digest);
  // It cannot tell what of its holes are headers.
  EXPECT_GE(own.largest_free_min, built_in.largest_free_min);
  EXPECT_LE(own.largest_free_min, built_in.largest_free_min + 16);
}

TEST(PluginPolicy, CatchesAFileThatIsNoPlugin) {
  const millpond::test::TempFolder folder;
  try {
    soak(loadScenario("adr-device"), "plugin:" + (folder / "none.so").string(), 0.01, 1);
    ADD_FAILURE();
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("none.so cannot be loaded: "), std::string::npos)
        << error.what();
  }
  expectCaught("without_free", "lacks millpond_plugin_free; it must have millpond_plugin_init");
}

TEST(PluginPolicy, CatchesBlocksThatCannotBe) {
  expectCaught("overlapping", "that overlaps one which is held");
  expectCaught("misaligned", "which is misaligned: it must be a multiple of 4");
  expectCaught("outside", "that is not inside its region");
}

TEST(PluginPolicy, CatchesOneThatDoesNotTakeItsMemoryBack) {
  expectCaught("leaking", "leaks: with nothing held it serves ");
}

TEST(PluginPolicy, CatchesOneThatRefusesItsRegion) {
  expectCaught("refusing", "refuses a region of 188416 bytes: millpond_plugin_init returned 7");
}

FleetResult fleet(const std::string& name, std::chrono::milliseconds patience = Worker::usual_patience) {
  const std::string policy = "plugin:" + plugin(name);
  return runFleet(
      loadScenario("adr-device"), {{"pools", 1}, {policy, 1}, {policy, 2}, {"pools", 2}},
      {.days = 0.01, .jobs = 1, .pictures = false, .patience = patience, .progress = {}, .stop = {}});
}

// The broken one is named once, and the runs of the other policy are as they are alone.
void expectBroken(const FleetResult& result, const std::string& name, const std::string& what) {
  ASSERT_EQ(result.broken.size(), 1U);
  EXPECT_EQ(result.broken[0].find("the run on plugin:" + plugin(name) + ", seed 1: " + what), 0U)
      << result.broken[0];
  ASSERT_EQ(result.runs.size(), 2U);
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    EXPECT_EQ(result.runs[seed - 1].at("digest"),
              toJson(soak(loadScenario("adr-device"), "pools", 0.01, seed)).at("digest"));
  }
}

TEST(PluginPolicy, ThatCrashesHarmsNoOther) {
  expectBroken(fleet("crashing"), "crashing", "was ended by signal 11 (Segmentation fault)");
}

TEST(PluginPolicy, ThatEndsItsProcessHarmsNoOther) {
  expectBroken(fleet("exiting"), "exiting", "ended with status 0 before it was done");
}

// The patience is what a busy machine may need to begin a process.
TEST(PluginPolicy, ThatHangsIsEndedAndHarmsNoOther) {
  expectBroken(fleet("hanging", std::chrono::milliseconds(1000)), "hanging",
               "hangs: it was ended after 1000 ms without a sign of life");
}

}  // namespace
}  // namespace millpond::lab
