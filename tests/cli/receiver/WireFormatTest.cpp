// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// docs/wire-format.md against the code.
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "cli/receiver/ReceiverThread.h"
#include "tests/cli/support/Audio.h"
#include "tests/cli/support/Peer.h"
#include "tests/support/TempFolder.h"

namespace millpond::test {
namespace {

using Bytes = std::vector<std::byte>;
using streamer::ChunkHeader;

constexpr std::uint64_t stream_id = 0x0123456789ABCDEF;

/// What is said in turn in the page's example: the device first.
std::vector<Bytes> exchange() {
  std::ifstream page(MILLPOND_DOCS "/wire-format.md");
  std::vector<Bytes> messages;
  for (std::string line; std::getline(page, line);) {
    const bool begins = line.starts_with("device   ") || line.starts_with("receiver ");
    if (!begins && (messages.empty() || !line.starts_with("         "))) continue;
    if (begins) messages.emplace_back();
    std::istringstream numbers(line.substr(9));
    for (unsigned number = 0; numbers >> std::hex >> number;) {
      messages.back().push_back(static_cast<std::byte>(number));
    }
  }
  return messages;
}

TEST(WireFormat, ExampleIsWhatADeviceSays) {
  const auto messages = exchange();
  ASSERT_EQ(messages.size(), 4U);
  EXPECT_EQ(Peer::frame({.stream_id = stream_id}, std::vector<std::int16_t>{1, -1, 256, -32768}),
            messages[0]);
  EXPECT_EQ(
      Peer::frame({.stream_id = stream_id, .sequence = 1, .first_sample = 6, .end_of_stream = true}, {}),
      messages[2]);
}

TEST(WireFormat, ExampleIsWhatAReceiverAnswers) {
  const auto messages = exchange();
  ASSERT_EQ(messages.size(), 4U);
  const TempFolder folder;
  cli::ReceiverOptions options;
  options.folder = folder.path();
  cli::ReceiverThread receiver(options, [](const std::string&) {});
  Peer device(receiver.address());
  for (const std::size_t said : {std::size_t{0}, std::size_t{2}}) {
    device.send(messages[said]);
    ASSERT_TRUE(device.acknowledged());
    const auto answer = device.ack.encode();
    EXPECT_EQ(Bytes(answer.begin(), answer.end()), messages[said + 1]);
  }
  EXPECT_EQ(readOnlyWav(folder.path()), (std::vector<std::int16_t>{1, -1, 256, -32768, 0, 0}));
}

class WireRules : public ::testing::Test {
 protected:
  WireRules() {
    options_.folder = folder_.path();
    receiver_ = std::make_unique<cli::ReceiverThread>(options_, [](const std::string&) {});
  }
  Peer connect() { return Peer(receiver_->address()); }

  TempFolder folder_;
  cli::ReceiverOptions options_;
  std::unique_ptr<cli::ReceiverThread> receiver_;
};

TEST_F(WireRules, ChunksMayBeSentBeforeThoseAheadAreAnswered) {
  Peer peer = connect();
  const auto samples = noise(30);
  for (std::uint32_t i = 0; i < 3; ++i) {
    peer.send(Peer::frame({.stream_id = 1, .sequence = i, .first_sample = i * 10},
                          std::span(samples).subspan(i * 10, 10)));
  }
  for (std::uint32_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(peer.acknowledged());
    EXPECT_EQ(peer.ack, (streamer::Ack{1, i, (i + 1) * 10}));
  }
  EXPECT_EQ(readOnlyWav(folder_.path()), samples);
}

TEST_F(WireRules, NextSampleIsBeyondTheChunkWhereTheReceiverHasMore) {
  Peer peer = connect();
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1}, noise(100)));
  Peer later = connect();
  ASSERT_TRUE(later.sendChunk({.stream_id = 1, .sequence = 5, .first_sample = 10}, noise(20)));
  EXPECT_EQ(later.ack, (streamer::Ack{1, 5, 100}));
}

TEST_F(WireRules, SamplesMayFollowTheEndWhichIsThenToldAgain) {
  Peer peer = connect();
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1, .end_of_stream = true}, noise(10)));
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1, .first_sample = 10}, noise(10)));
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1, .first_sample = 20, .end_of_stream = true}, {}));
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1, .first_sample = 20, .end_of_stream = true}, {}));
  const cli::StreamAccount account = receiver_->stop().streams.at(0);
  EXPECT_EQ(account.written, 20U);
  EXPECT_TRUE(account.ended);
}

TEST_F(WireRules, ARateIsOneForAConnectionAndANewOneBeginsAFile) {
  Peer peer = connect();
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1}, noise(10)));
  peer.send(Peer::frame({.stream_id = 1, .first_sample = 10, .sample_rate = 8000}, noise(10)));
  EXPECT_TRUE(peer.isClosed());
  ASSERT_TRUE(connect().sendChunk({.stream_id = 1, .first_sample = 10, .sample_rate = 8000}, noise(10)));
  EXPECT_EQ(filesIn(folder_.path(), ".wav").size(), 2U);
}

TEST_F(WireRules, AChunkWithoutSamplesTellsHowFarTheStreamIs) {
  Peer peer = connect();
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1, .first_sample = 7}, {}));
  EXPECT_EQ(peer.ack.next_sample, 7U);
}

}  // namespace
}  // namespace millpond::test
