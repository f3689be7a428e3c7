// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <csignal>

#include "cli/HostPort.h"
#include "command/Command.h"
#include "support/Audio.h"
#include "support/Peer.h"
#include "support/TempFolder.h"

namespace millpond::test {
namespace {

std::vector<std::string> streamTo(const std::string& address, const std::filesystem::path& input) {
  return millpond({"stream", "--to", address, "--input", input.string(), "--speed", "max", "--json"});
}

TEST(Receive, TakesAStreamAndReportsIt) {
  const TempFolder folder;
  const auto samples = noise(50000);
  writeWav(folder / "in.wav", samples);
  ReceiveProcess receiver(folder / "out", "127.0.0.1:0", {"--once"});
  const Finished device = runToEnd(streamTo(receiver.address(), folder / "in.wav"));
  EXPECT_EQ(device.status, 0) << device.err;
  EXPECT_EQ(parse(device.out)["delivered"], samples.size());
  const Finished finished = receiver.wait();
  EXPECT_EQ(finished.status, 0);
  const nlohmann::json stream = parse(finished.out)["streams"][0];
  EXPECT_EQ(stream["samples_written"], samples.size());
  EXPECT_EQ(stream["ended"], true);
  EXPECT_EQ(readOnlyWav(folder / "out"), samples);
}

TEST(Receive, MakesFlacWhereItIsToldTo) {
  const TempFolder folder;
  const auto samples = noise(50000);
  writeWav(folder / "in.wav", samples);
  ReceiveProcess receiver(folder / "out", "127.0.0.1:0", {"--once", "--format", "flac"});
  EXPECT_EQ(runToEnd(streamTo(receiver.address(), folder / "in.wav")).status, 0);
  EXPECT_EQ(receiver.wait().status, 0);
  const auto files = filesIn(folder / "out", ".flac");
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(readAudio(files[0]), samples);
  EXPECT_TRUE(filesIn(folder / "out", ".wav").empty());
}

TEST(Receive, ReportsAndEndsWell_WhenItIsInterrupted) {
  for (const int number : {SIGINT, SIGTERM}) {
    const TempFolder folder;
    ReceiveProcess receiver(folder / "out", "127.0.0.1:0");
    Peer peer(cli::HostPort::parse(receiver.address()));
    ASSERT_TRUE(peer.sendChunk({.stream_id = 0x1F}, noise(1000)));
    receiver.signal(number);
    const Finished finished = receiver.wait();
    EXPECT_EQ(finished.status, 0);
    const nlohmann::json stream = parse(finished.out)["streams"][0];
    EXPECT_EQ(stream["id"], "000000000000001f");
    EXPECT_EQ(stream["samples_written"], 1000);
    EXPECT_EQ(stream["ended"], false);
    EXPECT_EQ(readOnlyWav(folder / "out"), noise(1000));
  }
}

TEST(Receive, SurvivesGarbageWhileAnotherStreamGoesOn) {
  const TempFolder folder;
  ReceiveProcess receiver(folder / "out", "127.0.0.1:0");
  const cli::HostPort address = cli::HostPort::parse(receiver.address());
  const auto samples = noise(3000);
  Peer good(address);
  for (std::size_t first = 0; first < samples.size(); first += 100) {
    Peer bad(address);
    const auto garbage = noise(1 + first, static_cast<std::uint32_t>(first));
    bad.send(std::as_bytes(std::span(garbage)));
    ASSERT_TRUE(
        good.sendChunk({.stream_id = 1, .first_sample = first}, std::span(samples).subspan(first, 100)));
  }
  receiver.signal(SIGTERM);
  const Finished finished = receiver.wait();
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(readOnlyWav(folder / "out"), samples);
  EXPECT_NE(finished.err.find("refused"), std::string::npos) << finished.err;
}

}  // namespace
}  // namespace millpond::test
