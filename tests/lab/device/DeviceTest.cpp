// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "lab/device/Scenario.h"
#include "lab/soak/Soak.h"
#include "tests/lab/support/Witness.h"

namespace millpond::lab::test {
namespace {

/// A device's life on a policy that has room for everything and counts.
class DeviceTest : public testing::Test {
 protected:
  SoakResult live(const std::string& scenario, double days, std::uint64_t seed = 1) {
    return soakOn(witness, ram.span(), parseScenario(scenario, "own"), days, seed);
  }
  std::uint64_t requests(const std::string& source, RequestClass kind) {
    return witness.of(source, kind).requests;
  }
  // Asked for so often, give or take `share` of it, and never for sizes outside the range.
  void expect(const std::string& source, RequestClass kind, double expected, double share, Range bytes) {
    const Witness::Count& count = witness.of(source, kind);
    EXPECT_NEAR(static_cast<double>(count.requests), expected, expected * share) << source;
    EXPECT_GE(count.least, bytes.low) << source;
    EXPECT_LE(count.most, bytes.high) << source;
  }

  DeviceRam ram{Witness::bytes};
  Witness witness{ram};
};

constexpr double day_s = 86400;
const std::string calm = "[dropouts]\nevery_s = 10000000\n[update]\nevery_h = 10000\n";

TEST_F(DeviceTest, EveryBufferChunkSegmentAndAcknowledgementOfADayIsThere) {
  const SoakResult result = live(calm, 1);
  EXPECT_EQ(requests("capture", RequestClass::audio), 675'000U - 1);
  // 675000 buffers of 4096 bytes in chunks of 19200, each in 14 segments, two to an acknowledgement.
  expect("uplink", RequestClass::network, 144'000, 0.0001, {19200, 19200});
  expect("segment", RequestClass::pbuf, 144'000 * 14, 0.0001, {480 + 160, 1600});
  expect("acknowledgement", RequestClass::pbuf, 144'000 * 7, 0.0001, {80, 160});
  EXPECT_LE(result.samples_lost, 9600U) << "a chunk, until the device has connected for the first time";
  EXPECT_EQ(result.first_failure, std::nullopt);
}

TEST_F(DeviceTest, EachPartAsksAsOftenAsItsRateSays) {
  live("", 1);
  expect("message", RequestClass::small, day_s / 0.240 * 6, 0.01, {12, 800});
  // A task waits a second on average and then holds its buffer for a tenth.
  expect("task", RequestClass::general, 3 * day_s / (1 + 0.1025), 0.01, {64, 1024});
  expect("burst", RequestClass::pbuf, day_s / 90 * 5.5, 0.15, {1500, 1664});
  expect("cache", RequestClass::small, day_s / 60, 0.1, {60, 900});
  expect("boot", RequestClass::pbuf, 10, 0, {1600, 1600});
  expect("boot", RequestClass::small, 2 + 20, 0, {20, 6144});
  EXPECT_GE(witness.of("session", RequestClass::small).least, 40U);
  EXPECT_LE(witness.of("session", RequestClass::small).most, 1000U);
  EXPECT_GT(requests("session", RequestClass::small), 1000U);
}

TEST_F(DeviceTest, EveryReconnectIsAHandshakeAndEveryDayHasItsUpdate) {
  const SoakResult result = live("[tls]\nrecord_in_bytes = 16717\n", 4);
  // From handshake to handshake: 600 s with the link, 30.5 without, and the handshake itself.
  const double reconnects = 4 * day_s / (600 + 30.5 + 1.65);
  const double requests_each = 2 + 100;
  expect("tls", RequestClass::tls, reconnects * requests_each, 0.15, {20, 16717});
  EXPECT_EQ(requests("tls", RequestClass::tls) % 102, 0U);
  EXPECT_GE(requests("update", RequestClass::tls), 4U * 103);
  EXPECT_LE(requests("update", RequestClass::tls), 8U * 103);
  // What the link could not take is lost, beyond what may be held back: at most 1.5 seconds a drop-out.
  const double down_s = reconnects * (30.5 + 1.65);
  EXPECT_NEAR(static_cast<double>(result.samples_lost), 16000 * (down_s - reconnects * 1.2),
              16000 * down_s / 6);
}

TEST_F(DeviceTest, DisturbancesCanBeRaised) {
  live("[disturbance]\npercent = 400\n", 1);
  expect("burst", RequestClass::pbuf, 4 * day_s / 90 * 5.5, 0.1, {1500, 1664});
  expect("tls", RequestClass::tls, day_s / (150 + 30.5 + 1.65) * 102, 0.15, {20, 16717});
}

TEST_F(DeviceTest, AcknowledgesAsManySegmentsAtOnceAsTheScenarioSays) {
  live(calm + "[uplink]\nsegments_an_ack = 1\n", 0.05);
  const std::uint64_t segments = requests("segment", RequestClass::pbuf);
  EXPECT_LE(requests("acknowledgement", RequestClass::pbuf), segments);
  EXPECT_GE(requests("acknowledgement", RequestClass::pbuf), segments - 4)
      << "four may be in flight in the end";
}

TEST_F(DeviceTest, AHandshakeAsksForTheSameInHoweverManyParts) {
  live("[tls]\nhandshake_steps = 1\n[update]\nevery_h = 10000\n", 0.2);
  EXPECT_GT(requests("tls", RequestClass::tls), 102U * 10);
  EXPECT_EQ(requests("tls", RequestClass::tls) % 102, 0U);
}

TEST_F(DeviceTest, LosesNoSoundWhereTheLinkIsThereFromTheStart) {
  const SoakResult result = live(calm + "[tls]\nhandshake_ms = [10, 10]\n", 0.05);
  EXPECT_EQ(result.samples_lost, 0U);
}

TEST_F(DeviceTest, HoldsBackAFixedNumberOfBuffersAndDropsTheOldest) {
  const SoakResult result = live("[dropouts]\nevery_s = 60\nlast_s = [60, 60]\n", 0.2);
  EXPECT_EQ(witness.of("capture", RequestClass::audio).held_most, 4U);
  EXPECT_EQ(witness.of("uplink", RequestClass::network).held_most, 2U);
  EXPECT_GT(result.samples_lost, 16000U * 60 * 50);
  EXPECT_NEAR(result.sound_lost_s, static_cast<double>(result.samples_lost) / 16000, 0.001);
  EXPECT_EQ(result.first_failure, std::nullopt) << "what the limit drops is no failure of memory";
}

TEST_F(DeviceTest, TheLimitOnWhatIsHeldBackIsTheScenarios) {
  live("[dropouts]\nevery_s = 60\n[uplink]\nheld_back_buffers = 7\nheld_back_chunks = 5\n", 0.2);
  EXPECT_EQ(witness.of("capture", RequestClass::audio).held_most, 7U);
  EXPECT_EQ(witness.of("uplink", RequestClass::network).held_most, 5U);
}

TEST_F(DeviceTest, DrawsChunksFromTheirRangeAndNothingElseChanges) {
  const SoakResult same = live("[uplink]\nchunk_bytes = [19200, 19200]\n", 0.05);
  EXPECT_EQ(same.requests_hash, live("", 0.05).requests_hash);
  live("[uplink]\nchunk_bytes = [19200, 20480]\n", 0.1);
  const Witness::Count& count = witness.of("uplink", RequestClass::network);
  EXPECT_EQ(count.least, 19200U);
  EXPECT_GT(count.most, 20470U);
  EXPECT_LE(count.most, 20480U);
}

TEST_F(DeviceTest, ACodecMakesAPacketOfEachBufferWithinItsRangeAndHasItsScratchMeanwhile) {
  const SoakResult result = soakOn(witness, ram.span(), loadScenario("codec"), 0.1, 1);
  const std::uint64_t buffers = requests("capture", RequestClass::audio);
  expect("codec", RequestClass::small, static_cast<double>(buffers), 0.001, {2048, 4096});
  EXPECT_EQ(witness.of("codec", RequestClass::small).least, 2048U);
  expect("uplink", RequestClass::network, static_cast<double>(buffers), 0.05, {77, 384});
  EXPECT_EQ(witness.of("uplink", RequestClass::network).held_most, 106U);
  EXPECT_LT(result.sound_lost_s, live("", 0.1).sound_lost_s) << "the same bytes hold more sound";
}

// A day's look for an update comes within its first hour, and brings a new firmware.
TEST_F(DeviceTest, AsksForAllThatAFirmwareAsksForBeside) {
  live(
      "[wifi]\ntransmit_us = [500, 6000]\n[tls]\ncertificates = 3\n[jobs]\nevery_s = 60\nwork_bytes = [10, "
      "20]\n"
      "[mdns]\nevery_s = 20\n[update]\nevery_h = 1\ninstall_percent = 100\nsectors = 7\nsector_bytes = "
      "4096\n",
      0.2);
  const std::uint64_t segments = requests("segment", RequestClass::pbuf);
  EXPECT_EQ(requests("transmit", RequestClass::pbuf), segments);
  EXPECT_EQ(requests("tls", RequestClass::tls) % 105, 0U) << "two records, 100 objects, three certificates";
  EXPECT_GT(witness.of("tls", RequestClass::tls).requests, 0U);
  expect("job", RequestClass::small, 0.2 * day_s / (60 + 2.75) * 2, 0.15, {10, 6144});
  expect("mdns", RequestClass::pbuf, 0.2 * day_s / 20.07 * 2, 0.1, {100, 1460});
  EXPECT_GT(requests("mdns", RequestClass::small), requests("mdns", RequestClass::pbuf));
  const std::uint64_t sectors = requests("update", RequestClass::small);
  EXPECT_GE(sectors, 3U * 7) << "the hours";
  EXPECT_EQ(witness.of("update", RequestClass::small).least, 4096U);
}

TEST_F(DeviceTest, LargeRequestsLeaveTheRamWhereThereIsAnotherButForCapturedSound) {
  const SoakResult result = live("[ram]\nexternal_from_bytes = 4000\n", 0.05);
  EXPECT_EQ(requests("uplink", RequestClass::network), 0U);
  EXPECT_LT(witness.of("tls", RequestClass::tls).most, 4000U);
  EXPECT_EQ(witness.of("capture", RequestClass::audio).least, 4096U);
  EXPECT_TRUE(result.leaks.empty());
}

TEST_F(DeviceTest, SoundThatCouldNotBeEncodedIsLost) {
  witness.refuse("codec");
  const SoakResult result = soakOn(witness, ram.span(), loadScenario("codec"), 0.01, 1);
  EXPECT_EQ(result.failures[static_cast<std::size_t>(RequestClass::small)],
            requests("capture", RequestClass::audio));
  EXPECT_NEAR(result.sound_lost_s, 864, 1);
}

TEST_F(DeviceTest, WhatMemoryRefusesIsAFailureAndItsSamplesAreLost) {
  witness.refuse(RequestClass::audio);
  const SoakResult result = live(calm, 0.01);
  const std::uint64_t buffers = requests("capture", RequestClass::audio);
  EXPECT_EQ(result.failures[0], buffers);
  ASSERT_TRUE(result.first_failure.has_value());
  EXPECT_EQ(result.first_failure->kind, RequestClass::audio);
  EXPECT_EQ(result.first_failure->time_us, 128'000U);
  EXPECT_EQ(result.first_failure->bytes, 4096U);
  EXPECT_GT(result.first_failure->largest, Witness::bytes - 64 * 1024);
  EXPECT_LE(result.first_failure->largest, result.first_failure->free);
  EXPECT_FALSE(result.passed());
  EXPECT_GT(result.samples_lost, (buffers - 2) * 2048);
  EXPECT_LE(result.samples_lost, buffers * 2048);
}

TEST_F(DeviceTest, SamplesAreLostOnlyOnce) {
  witness.refuse(RequestClass::network);
  const SoakResult result = live("[dropouts]\nevery_s = 20\n", 0.05);
  const std::uint64_t captured = requests("capture", RequestClass::audio) * 2048;
  EXPECT_LE(result.samples_lost, captured);
  EXPECT_GT(result.samples_lost, captured - 8 * 2048);
}

TEST_F(DeviceTest, ForgetsWhatTheScenarioSays) {
  const SoakResult result = live("[leaks]\nstring_every = 1000\ngeneral_every = 500\n" + calm, 0.1);
  ASSERT_EQ(result.leaks.size(), 2U);
  EXPECT_EQ(result.leaks[0].source, "message");
  EXPECT_NEAR(static_cast<double>(result.leaks[0].count),
              static_cast<double>(requests("message", RequestClass::small)) / 1000, 1);
  EXPECT_GT(result.leaks[0].bytes, result.leaks[0].count * 12);
  EXPECT_EQ(result.leaks[1].source, "task");
  EXPECT_NEAR(static_cast<double>(result.leaks[1].count),
              static_cast<double>(requests("task", RequestClass::general)) / 500, 1);
}

TEST_F(DeviceTest, GivesEverythingBackInTheEnd) {
  const std::uint32_t free_before = witness.holes().free;
  const SoakResult result = live("", 0.1);
  EXPECT_TRUE(result.leaks.empty());
  EXPECT_EQ(witness.holes().free, free_before);
  EXPECT_LT(result.largest_free_min, free_before - result.held_peak / 2);
}

}  // namespace
}  // namespace millpond::lab::test
