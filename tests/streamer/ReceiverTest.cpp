// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "cli/Error.h"
#include "cli/Receiver.h"
#include "cli/ReceiverThread.h"
#include "cli/RecordingFile.h"
#include "streamer/ByteOrder.h"
#include "support/Audio.h"
#include "support/Eventually.h"
#include "support/Peer.h"
#include "support/TempFolder.h"

namespace millpond::cli {
namespace {

using streamer::ChunkHeader;
using test::noise;
using test::Peer;
using test::readAudio;

class ReceiverTest : public ::testing::Test {
 protected:
  void start() {
    const ReceiverOptions options;
    start(options);
  }
  void start(ReceiverOptions options) {
    options.folder = folder_.path();
    receiver_.emplace(options, [this](const std::string& line) {
      const std::lock_guard lock(mutex_);
      log_ += line + "\n";
    });
  }
  Peer connect() { return Peer(receiver_->address()); }
  std::string log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }
  bool logged(const std::string& text) {
    return test::eventually([&] { return log().find(text) != std::string::npos; });
  }
  std::vector<std::int16_t> recorded(std::uint64_t id, std::uint64_t first = 0) const {
    return readAudio(folder_ / RecordingFile::name(id, first));
  }

  test::TempFolder folder_;
  std::mutex mutex_;
  std::string log_;
  std::optional<ReceiverThread> receiver_;
};

TEST_F(ReceiverTest, PutsAStreamOnFileBeforeItAcknowledges) {
  start();
  const auto samples = noise(9600);
  Peer peer = connect();
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1, .sequence = 7}, samples));
  EXPECT_EQ(recorded(1), samples);
  EXPECT_EQ(peer.ack, (streamer::Ack{1, 7, 9600}));
}

TEST_F(ReceiverTest, TakesManyStreamsAtOnce) {
  start();
  std::vector<std::unique_ptr<Peer>> peers;
  for (std::uint64_t id = 0; id < 20; ++id) peers.push_back(std::make_unique<Peer>(receiver_->address()));
  for (std::uint64_t first = 0; first < 300; first += 100) {
    for (std::uint64_t id = 0; id < peers.size(); ++id) {
      const auto samples = noise(100, static_cast<std::uint32_t>(id * 1000 + first));
      ASSERT_TRUE(peers[id]->sendChunk({.stream_id = id, .first_sample = first}, samples));
    }
  }
  EXPECT_EQ(receiver_->stop().streams.size(), 20U);
  for (std::uint64_t id = 0; id < 20; ++id) EXPECT_EQ(recorded(id).size(), 300U);
}

TEST_F(ReceiverTest, RefusesGarbageAndSaysWhyWithoutHarmToAnotherStream) {
  start();
  Peer good = connect();
  const auto samples = noise(300);
  ASSERT_TRUE(good.sendChunk({.stream_id = 1}, std::span(samples).first(100)));
  Peer bad = connect();
  bad.send(std::vector<std::byte>(1000, std::byte{0x47}));
  EXPECT_TRUE(bad.isClosed());
  EXPECT_TRUE(logged("does not start with the magic"));
  ASSERT_TRUE(good.sendChunk({.stream_id = 1, .first_sample = 100}, std::span(samples).subspan(100)));
  EXPECT_EQ(recorded(1), samples);
  EXPECT_EQ(receiver_->stop().refused, 1U);
}

TEST_F(ReceiverTest, RefusesALengthOfFourGigabytesAtOnce) {
  start();
  Peer peer = connect();
  auto frame = Peer::frame({.stream_id = 1}, noise(10));
  streamer::store(std::span(frame).subspan(20), std::uint32_t{0xFFFFFFFE});
  peer.send(std::span(frame).first(ChunkHeader::size));
  EXPECT_TRUE(peer.isClosed());
  EXPECT_TRUE(logged("payload length"));
}

TEST_F(ReceiverTest, RefusesAWrongChecksumAndSaysForWhichSamples) {
  start();
  Peer peer = connect();
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1}, noise(100)));
  auto frame = Peer::frame({.stream_id = 1, .first_sample = 100}, noise(50));
  frame.back() ^= std::byte{1};
  peer.send(frame);
  EXPECT_TRUE(peer.isClosed());
  EXPECT_TRUE(logged("bad checksum in the chunk of 50 samples from 100"));
  const ReceiverReport report = receiver_->stop();
  EXPECT_EQ(report.bad_checksums, 1U);
  EXPECT_EQ(report.streams.at(0).bad_checksums, 1U);
  EXPECT_EQ(report.streams.at(0).last_bad, (streamer::SampleRange{100, 50}));
  EXPECT_EQ(report.streams.at(0).written, 100U);
}

TEST_F(ReceiverTest, TakesAPeerThatLeavesInTheMiddleOfAHeaderForGone) {
  start();
  Peer peer = connect();
  const auto frame = Peer::frame({.stream_id = 1}, noise(10));
  peer.send(std::span(frame).first(17));
  peer.close();
  EXPECT_TRUE(logged("after 17 bytes"));
  EXPECT_TRUE(test::filesIn(folder_.path(), ".wav").empty());
}

TEST_F(ReceiverTest, RefusesAChangeOfStreamWithinAConnection) {
  start();
  Peer peer = connect();
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1}, noise(10)));
  peer.send(Peer::frame({.stream_id = 2}, noise(10)));
  EXPECT_TRUE(peer.isClosed());
  EXPECT_TRUE(logged("changed within a connection"));
}

TEST_F(ReceiverTest, ClosesAConnectionThatBringsNothing) {
  ReceiverOptions options;
  options.idle_timeout = std::chrono::milliseconds(30);
  start(options);
  Peer silent = connect();
  EXPECT_TRUE(silent.isClosed());
  EXPECT_TRUE(logged("no whole chunk within 30 ms"));
}

TEST_F(ReceiverTest, RefusesMoreConnectionsThanItMayHave) {
  ReceiverOptions options;
  options.max_connections = 2;
  start(options);
  Peer first = connect();
  Peer second = connect();
  ASSERT_TRUE(first.sendChunk({.stream_id = 1}, noise(10)));
  ASSERT_TRUE(second.sendChunk({.stream_id = 2}, noise(10)));
  Peer third = connect();
  EXPECT_TRUE(third.isClosed());
  EXPECT_TRUE(logged("there are 2 already"));
  ASSERT_TRUE(first.sendChunk({.stream_id = 1, .first_sample = 10}, noise(10)));
  second.close();
  EXPECT_TRUE(test::eventually([&] { return connect().sendChunk({.stream_id = 3}, noise(10)); }));
}

TEST_F(ReceiverTest, GivesAStreamToItsNewestConnection) {
  start();
  const auto samples = noise(200);
  Peer older = connect();
  ASSERT_TRUE(older.sendChunk({.stream_id = 1}, std::span(samples).first(100)));
  Peer newer = connect();
  ASSERT_TRUE(newer.sendChunk({.stream_id = 1, .first_sample = 100}, std::span(samples).subspan(100)));
  EXPECT_TRUE(older.isClosed());
  EXPECT_EQ(recorded(1), samples);
}

TEST_F(ReceiverTest, AnswersAChunkThatItHasAlreadyAgain) {
  start();
  const auto samples = noise(100);
  Peer peer = connect();
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1}, samples));
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1}, samples));
  EXPECT_EQ(peer.ack.next_sample, 100U);
  EXPECT_EQ(recorded(1), samples);
  EXPECT_EQ(receiver_->stop().streams.at(0).duplicates, 100U);
}

TEST_F(ReceiverTest, CountsAGapToTheSample) {
  start();
  Peer peer = connect();
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1}, noise(100)));
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1, .first_sample = 123}, noise(100)));
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1, .first_sample = 300, .end_of_stream = true}, {}));
  EXPECT_EQ(peer.ack.next_sample, 300U);
  const StreamAccount account = receiver_->stop().streams.at(0);
  EXPECT_EQ(account.gaps, (std::vector<streamer::SampleRange>{{100, 23}, {223, 77}}));
  EXPECT_TRUE(account.ended);
}

TEST_F(ReceiverTest, MakesFlacOfAStreamThatHasEnded) {
  ReceiverOptions options;
  options.flac = true;
  start(options);
  const auto samples = noise(20000);
  Peer peer = connect();
  for (std::uint64_t first = 0; first < 20000; first += 10000) {
    ASSERT_TRUE(peer.sendChunk({.stream_id = 1, .first_sample = first, .end_of_stream = first > 0},
                               std::span(samples).subspan(first, 10000)));
  }
  peer.close();
  const auto flac = folder_ / RecordingFile::name(1, 0, true);
  EXPECT_TRUE(test::eventually([&] { return test::filesIn(folder_.path(), ".wav").empty(); }));
  EXPECT_EQ(readAudio(flac), samples);
  EXPECT_EQ(receiver_->stop().streams.at(0).files.at(0), flac);
}

TEST_F(ReceiverTest, RemembersOnlySoManyStreams) {
  ReceiverOptions options;
  options.max_streams = 3;
  start(options);
  for (std::uint64_t id = 0; id < 10; ++id) {
    Peer peer = connect();
    ASSERT_TRUE(peer.sendChunk({.stream_id = id}, noise(10)));
    peer.close();
    Peer again = connect();  // its answer says that the one before is gone
    ASSERT_TRUE(again.sendChunk({.stream_id = id, .first_sample = 10}, noise(10)));
  }
  const ReceiverReport report = receiver_->stop();
  EXPECT_LE(report.streams.size(), 4U);
  EXPECT_EQ(report.streams.size() + report.forgotten_streams, 10U);
}

TEST_F(ReceiverTest, TakesPlainSamplesOnTheRawWire) {
  ReceiverOptions options;
  options.wire = streamer::Wire::raw;
  start(options);
  const auto samples = noise(5000);
  const auto bytes = std::as_bytes(std::span(samples));
  Peer peer = connect();
  peer.send(bytes.first(777));  // half a sample at its end
  peer.send(bytes.subspan(777));
  peer.close();
  EXPECT_TRUE(test::eventually([&] { return test::readOnlyWav(folder_.path()).size() == samples.size(); }));
  EXPECT_EQ(test::readOnlyWav(folder_.path()), samples);
}

TEST_F(ReceiverTest, KeepsARawStreamOfOneSample) {
  ReceiverOptions options;
  options.wire = streamer::Wire::raw;
  start(options);
  Peer peer = connect();
  const auto samples = noise(1);
  peer.send(std::as_bytes(std::span(samples)));
  peer.close();
  EXPECT_TRUE(test::eventually([&] { return test::readOnlyWav(folder_.path()) == samples; }));
}

TEST_F(ReceiverTest, SaysThatARawStreamEndedWithinASample) {
  ReceiverOptions options;
  options.wire = streamer::Wire::raw;
  start(options);
  Peer peer = connect();
  const auto samples = noise(4);
  peer.send(std::as_bytes(std::span(samples)).first(7));
  peer.close();
  EXPECT_TRUE(logged("ended in the middle of a sample"));
  EXPECT_EQ(test::readOnlyWav(folder_.path()).size(), 3U);
}

TEST_F(ReceiverTest, RefusesAFramedStreamOnTheRawWire) {
  ReceiverOptions options;
  options.wire = streamer::Wire::raw;
  start(options);
  Peer peer = connect();
  const auto frame = Peer::frame({.stream_id = 1}, noise(100));
  peer.send(std::span(frame).first(3));  // too little to tell
  peer.send(std::span(frame).subspan(3));
  EXPECT_TRUE(peer.isClosed());
  EXPECT_TRUE(
      logged("the stream is framed, for it starts with MPND; it needs a receiver with --wire framed"));
  const ReceiverReport report = receiver_->stop();
  EXPECT_EQ(report.refused, 1U);
  EXPECT_TRUE(report.streams.empty());
  EXPECT_TRUE(test::filesIn(folder_.path(), ".wav").empty());
}

TEST_F(ReceiverTest, RefusesARawStreamOnTheFramedWire) {
  start();
  Peer peer = connect();
  const auto samples = noise(100);
  peer.send(std::as_bytes(std::span(samples)));
  EXPECT_TRUE(peer.isClosed());
  EXPECT_TRUE(logged("a raw stream needs a receiver with --wire raw"));
  EXPECT_EQ(receiver_->stop().refused, 1U);
}

TEST_F(ReceiverTest, ClosesTheConnectionWhereAFileCannotBeWritten) {
  start();
  std::filesystem::remove_all(folder_.path());
  Peer peer = connect();
  peer.send(Peer::frame({.stream_id = 1}, noise(10)));
  EXPECT_TRUE(peer.isClosed());
  EXPECT_TRUE(logged("cannot write"));
  EXPECT_TRUE(receiver_->failed());
}

TEST_F(ReceiverTest, SaysWhyItCannotStart) {
  start();
  ReceiverOptions options;
  options.folder = folder_.path();
  options.listen = receiver_->address();
  const auto ignore = [](const std::string&) {};
  EXPECT_THROW(ReceiverThread(options, ignore), Error);
  std::ofstream(folder_ / "file").flush();
  options.listen.port = 0;
  options.folder = folder_ / "file" / "below";
  EXPECT_THROW(ReceiverThread(options, ignore), Error);
}

}  // namespace
}  // namespace millpond::cli
