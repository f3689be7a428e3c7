// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <string_view>

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

TEST(Receive, PrintsItsAccountAndGoesOn_WhenItIsHungUp) {
  const TempFolder folder;
  ReceiveProcess receiver(folder / "out", "127.0.0.1:0");
  Peer peer(cli::HostPort::parse(receiver.address()));
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1}, noise(1000)));
  receiver.signal(SIGHUP);
  ASSERT_TRUE(eventually([&] { return receiver.out().ends_with("}\n"); }));
  EXPECT_EQ(parse(receiver.out())["streams"][0]["samples_written"], 1000);
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1, .first_sample = 1000}, noise(1000)));
  receiver.signal(SIGTERM);
  EXPECT_EQ(receiver.wait().status, 0);
}

TEST(Receive, SaysWithTheTimeWhatBecomesOfAStream) {
  const TempFolder folder;
  ReceiveProcess receiver(folder / "out", "127.0.0.1:0", {"--once"});
  Peer peer(cli::HostPort::parse(receiver.address()));
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1, .first_sample = 5, .end_of_stream = true}, noise(10)));
  peer.close();
  const std::string said = receiver.wait().err;
  for (const char* what : {"begins", "has a gap of 5 samples at sample 0", "ended at sample 15"}) {
    const std::string line = "Z stream 0000000000000001 " + std::string(what);
    const std::size_t at = said.find(line);
    ASSERT_NE(at, std::string::npos) << said;
    constexpr std::string_view before = "millpond: 2026-01-02T03:04:05";
    ASSERT_GE(at, before.size());
    EXPECT_EQ(said.substr(at - before.size(), 10), "millpond: ") << said;
  }
}

TEST(Receive, ListensToThisMachineAloneUnlessItIsAsked) {
  const TempFolder folder;
  EXPECT_NE(runToEnd(millpond({"receive", "--help"})).out.find("127.0.0.1:9000"), std::string::npos);
  for (const bool local : {true, false}) {
    ReceiveProcess receiver(folder / "out", local ? "127.0.0.1:0" : "0.0.0.0:0");
    ASSERT_NE(receiver.address(), "");
    receiver.signal(SIGTERM);
    const Finished finished = receiver.wait();
    EXPECT_EQ(finished.err.find("nothing protects it") == std::string::npos, local) << finished.err;
  }
}

TEST(Receive, AcknowledgesAndEndsWell_WhereItIsDurable) {
  const TempFolder folder;
  ReceiveProcess receiver(folder / "new" / "out", "127.0.0.1:0", {"--once", "--durable", "--format", "flac"});
  Peer peer(cli::HostPort::parse(receiver.address()));
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1, .end_of_stream = true}, noise(1000)));
  peer.close();
  EXPECT_EQ(receiver.wait().status, 0);
  const auto files = filesIn(folder / "new" / "out", ".flac");
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(readAudio(files[0]), noise(1000));
}

}  // namespace
}  // namespace millpond::test
