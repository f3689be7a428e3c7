// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>
#include <string>

#include "lab/device/Scenario.h"
#include "tests/support/TempFolder.h"

namespace millpond::lab {
namespace {

// What parsing `text` is refused with; empty where it is not.
std::string refusal(const std::string& text) {
  try {
    parseScenario(text, "own.toml");
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

void expectRefused(const std::string& text, const std::string& line, const std::string& reason) {
  const std::string said = refusal(text);
  EXPECT_EQ(said.find("own.toml:" + line + ": "), 0U) << said;
  EXPECT_NE(said.find(reason), std::string::npos) << said;
  EXPECT_EQ(said.find('\n'), std::string::npos) << said;
}

TEST(Scenario, TheAdrsDeviceHasTheFiguresOfTheAdr) {
  const Scenario scenario = loadScenario("adr-device");
  EXPECT_EQ(scenario.name, "adr-device");
  EXPECT_EQ(scenario.ram.total_bytes, 200U * 1024);
  EXPECT_EQ(scenario.ram.static_bytes, 16U * 1024);
  EXPECT_EQ(scenario.capture.period_us, 128'000U);
  EXPECT_EQ(scenario.capture.buffer_bytes, 4096U);
  EXPECT_EQ(scenario.uplink.chunk_bytes.high, 19200U);
  EXPECT_EQ(scenario.dropouts.every_s, 600U);
  EXPECT_EQ(scenario.dropouts.last_s.low, 1U);
  EXPECT_EQ(scenario.dropouts.last_s.high, 60U);
  EXPECT_EQ(scenario.tls.record_in_bytes.high, 16717U);
  EXPECT_EQ(scenario.tls.record_out_bytes.high, 4400U);
  EXPECT_EQ(scenario.pools.audio_blocks * scenario.pools.audio_block_bytes, 16U * 1024);
  EXPECT_EQ(scenario.pools.network_blocks * scenario.pools.network_block_bytes, 40U * 1024);
  EXPECT_EQ(scenario.pools.general_granules * scenario.pools.general_granule_bytes, 4U * 1024);
}

TEST(Scenario, WhatMayBeHeldBackIsWhatThePoolsHold) {
  for (const std::string& name : builtInScenarios()) {
    const Scenario scenario = loadScenario(name);
    EXPECT_EQ(scenario.name, name);
    EXPECT_EQ(scenario.uplink.held_back_buffers, scenario.pools.audio_blocks) << name;
    if (scenario.isExternal(scenario.largestChunk())) continue;
    EXPECT_EQ(scenario.uplink.held_back_chunks, scenario.pools.network_blocks) << name;
  }
}

TEST(Scenario, TheyDiffer) {
  const Scenario adr = loadScenario("adr-device");
  const Scenario stereo = loadScenario("stereo-44k1");
  const double bytes_a_second = stereo.capture.buffer_bytes / (stereo.capture.period_us / 1e6);
  EXPECT_NEAR(bytes_a_second, 44100 * 2 * 2, 10);
  const Scenario tls = loadScenario("tls-heavy");
  EXPECT_LT(tls.dropouts.every_s, adr.dropouts.every_s);
  EXPECT_GT(tls.tls.objects, adr.tls.objects);
  EXPECT_LT(tls.update.every_h, adr.update.every_h);
  EXPECT_EQ(adr.leaks.string_every, 0U);
  const Scenario leaky = loadScenario("leaky");
  EXPECT_GT(leaky.leaks.string_every, 0U);
  EXPECT_GT(leaky.leaks.general_every, 0U);
  EXPECT_GT(leaky.leaks.session_every, 0U);
}

TEST(Scenario, WhatAFileDoesNotSayIsAsTheAdrsDeviceHasIt) {
  const Scenario scenario = parseScenario("[dropouts]\nevery_s = 30\nlast_s = [5, 7]\n", "my/own.toml");
  EXPECT_EQ(scenario.name, "own");
  EXPECT_EQ(scenario.dropouts.every_s, 30U);
  EXPECT_EQ(scenario.dropouts.last_s.low, 5U);
  EXPECT_EQ(scenario.dropouts.last_s.high, 7U);
  EXPECT_EQ(scenario.dropouts.noticed_after_ms.high,
            loadScenario("adr-device").dropouts.noticed_after_ms.high);
  EXPECT_EQ(parseScenario("name = \"mine\"", "own.toml").name, "mine");
}

TEST(Scenario, OneNumberIsARangeOfItself) {
  const Scenario scenario = parseScenario("[uplink]\nchunk_bytes = 12000\n[dropouts]\nlast_s = 5\n", "own");
  EXPECT_EQ(scenario.uplink.chunk_bytes.low, 12000U);
  EXPECT_EQ(scenario.uplink.chunk_bytes.high, 12000U);
  EXPECT_EQ(scenario.dropouts.last_s.low, 5U);
  EXPECT_EQ(scenario.dropouts.last_s.high, 5U);
  const Scenario varied = loadScenario("adr-varied");
  EXPECT_EQ(varied.uplink.chunk_bytes.low, 19200U);
  EXPECT_EQ(varied.uplink.chunk_bytes.high, varied.pools.network_block_bytes);
}

TEST(Scenario, ABacklogInBytesIsSoManyChunksAndBlocksOfTheNetworkPool) {
  const Scenario scenario = parseScenario("[uplink]\nbacklog_bytes = 60000\n", "own");
  EXPECT_EQ(scenario.uplink.held_back_chunks, 3U);
  EXPECT_EQ(scenario.pools.network_blocks, 3U);
  expectRefused(
      "[uplink]\nbacklog_bytes = 19199", "2",
      "uplink.backlog_bytes: a backlog must have room for 1 to 1024 chunks of sound, of up to 19200 bytes "
      "each here, not 19199 bytes");
  expectRefused("[uplink]\nchunk_bytes = 16\nbacklog_bytes = 190000", "3", "not 190000 bytes");
}

TEST(Scenario, RefusesACodecThatGrowsSoundOrDoesNotMatchItsBuffers) {
  expectRefused("[codec]\npercent = [80, 120]", "2",
                "codec.percent lets sound grow to 120 % of its size: it must be from 1 to 100");
  expectRefused("[codec]\npercent = 50", "2",
                "a codec encodes one captured buffer at a time: uplink.chunk_bytes must be "
                "capture.buffer_bytes, 4096");
  expectRefused("[codec]\npercent = [60, 50]", "2", "its first is above its second");
  EXPECT_FALSE(loadScenario("adr-device").codec.present());
  EXPECT_EQ(loadScenario("codec").largestChunk(), loadScenario("codec").pools.network_block_bytes);
}

TEST(Scenario, RefusesKeysThatMeanNothing) {
  expectRefused("[dropouts]\nevry_s = 30", "2", "there is no key dropouts.evry_s");
  expectRefused("\n[drop]\nevery_s = 30", "2", "there is no key drop;");
  expectRefused("speed = 3", "1", "there is no key speed");
  expectRefused("tls = 3", "1", "tls is a section: [tls]");
  expectRefused("name = 3", "1", "name must be a text");
}

TEST(Scenario, RefusesValuesThatCannotBe) {
  expectRefused("[dropouts]\nevery_s = -600", "2",
                "dropouts.every_s must be a whole number from 1 to 10000000, not -600");
  expectRefused("[dropouts]\nevery_s = 0", "2", "not 0");
  expectRefused("[dropouts]\nevery_s = 2.5", "2", "must be a whole number from 1 to 10000000, not 2.5");
  expectRefused("[dropouts]\nevery_s = \"often\"", "2", "must be a whole number");
  expectRefused("[dropouts]\nlast_s = [1]", "2", "dropouts.last_s must be a whole number or [least, most]");
  expectRefused("[dropouts]\nlast_s = \"5\"", "2", "dropouts.last_s must be a whole number from 0");
  expectRefused("[dropouts]\nlast_s = [9, 5]", "2", "its first is above its second");
  expectRefused("[dropouts]\nlast_s = [-1, 5]", "2", "both of dropouts.last_s must be a whole number from 0");
  expectRefused("[uplink]\nheld_back_chunks = 1025", "2", "from 1 to 1024, not 1025");
  expectRefused("[uplink]\nheld_back_chunks = 99999999999999", "2", "from 1 to 1024");
}

TEST(Scenario, SaysThatATextIsNoNumberWhateverItsDigits) {
  expectRefused("[ram]\ntotal_bytes = \"204800\"", "2", "from 65536 to 16777216, not '204800'");
  expectRefused("[ram]\ntotal_bytes = '204800'", "2", "not '204800'");
  expectRefused("[ram]\ntotal_bytes = 204800.0", "2", "not 204800.0");
  expectRefused("[ram]\ntotal_bytes = true", "2", "not true");
  expectRefused("[ram]\ntotal_bytes = [204800]", "2", "not a list");
  expectRefused("[ram]\ntotal_bytes = {}", "2", "not a section");
  expectRefused("[dropouts]\nlast_s = [1, \"5\"]", "2", "not '5'");
}

TEST(Scenario, RefusesSizesThatRamDoesNotHave) {
  expectRefused("[uplink]\nchunk_bytes = 204801", "2", "from 1 to 204800, not 204801");
  expectRefused("[ram]\ntotal_bytes = 70000000", "2", "from 65536 to 16777216");
  expectRefused("[ram]\nstatic_bytes = 200000", "2",
                "ram.static_bytes must be a whole number from 0 to 188416");
  expectRefused("[ram]\nstatic_bytes = 1001", "2", "ram.static_bytes must be a multiple of 16");
  expectRefused("[ram]\ntotal_bytes = 65536", "2", "must together be at most ram.total_bytes, 65536");
  expectRefused("[pools]\nnetwork_blocks = 10", "1", "the pools' 225280 bytes and ram.static_bytes, 16384");
}

TEST(Scenario, RefusesInOneLineWhateverTheFileHolds) {
  expectRefused(R"("a\nb" = 1)", "1", R"(there is no key a\x0ab)");
  expectRefused("[ram]\ntotal_bytes = \"\\u001B[2J\"", "2", R"(not "\u001B[2J")");
}

TEST(Scenario, RefusesWhatIsNoToml) {
  expectRefused("[dropouts\nevery_s = 3", "1", "");
  expectRefused("[tls]\nobjects = \n", "2", "");
}

TEST(Scenario, LoadsAFileAndRefusesOneThatIsNotThere) {
  const millpond::test::TempFolder folder;
  std::ofstream(folder / "own.toml") << "[tls]\nobjects = 7\n";
  EXPECT_EQ(loadScenario((folder / "own.toml").string()).tls.objects, 7U);
  const std::string missing = (folder / "none.toml").string();
  const std::string no_file = folder.path().string();
  for (const auto& [name, what] : {std::pair(missing, "no scenario " + missing),
                                   std::pair(no_file, "scenario " + no_file + " is not a regular file")}) {
    try {
      loadScenario(name);
      ADD_FAILURE() << name << " was loaded";
    } catch (const std::runtime_error& error) {
      EXPECT_EQ(error.what(),
                what +
                    ": give a TOML file, or one of adr-device, adr-varied, codec, full-device, psram, "
                    "stereo-44k1, tls-heavy, leaky");
    }
  }
}

}  // namespace
}  // namespace millpond::lab
