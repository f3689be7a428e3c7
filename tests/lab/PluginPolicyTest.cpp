// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "lab/Scenario.h"
#include "lab/Soak.h"
#include "support/TempFolder.h"

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
  expectCaught("misaligned", "which is misaligned: it must be a multiple of 8");
  expectCaught("outside", "that is not inside its region");
}

TEST(PluginPolicy, CatchesOneThatRefusesItsRegion) {
  expectCaught("refusing", "refuses a region of 188416 bytes: millpond_plugin_init returned 7");
}

}  // namespace
}  // namespace millpond::lab
