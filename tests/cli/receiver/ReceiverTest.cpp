// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>

#include "cli/receiver/Receiver.h"
#include "cli/receiver/ReceiverThread.h"
#include "cli/receiver/RecordingFile.h"
#include "cli/show/Error.h"
#include "streamer/wire/ByteOrder.h"
#include "tests/cli/support/Audio.h"
#include "tests/cli/support/FileFaults.h"
#include "tests/cli/support/HeapFaults.h"
#include "tests/cli/support/Peer.h"
#include "tests/cli/support/RecordingPath.h"
#include "tests/support/Eventually.h"
#include "tests/support/TempFolder.h"

namespace millpond::cli {
namespace {

using streamer::ChunkHeader;
using test::FileFaults;
using test::HeapFaults;
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
    return readAudio(test::recordingIn(folder_.path(), id, first));
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

TEST_F(ReceiverTest, RefusesAPeerAtTheFirstByteThatNoChunkBeginsWith) {
  start();
  for (const char* begin : {"G", "MPX", "MPNX"}) {
    Peer peer = connect();
    peer.send(std::as_bytes(std::span(begin, std::strlen(begin))));
    EXPECT_TRUE(peer.isClosed()) << begin;
  }
  EXPECT_TRUE(logged("does not start with the magic"));
  EXPECT_EQ(receiver_->stop().refused, 3U);
  EXPECT_EQ(log().find("in the middle of a chunk"), std::string::npos) << log();
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
  EXPECT_TRUE(test::eventually([&] { return test::filesIn(folder_.path(), ".wav").empty(); }));
  const auto flac = test::recordingIn(folder_.path(), 1, 0, ".flac");
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

TEST_F(ReceiverTest, TakesARawConnectionWithoutASampleForNoStream) {
  ReceiverOptions options;
  options.wire = streamer::Wire::raw;
  options.once = true;
  start(options);
  connect().close();
  Peer half = connect();
  half.send(std::vector<std::byte>(1, std::byte{'x'}));
  half.close();
  EXPECT_TRUE(logged("ended in the middle of a sample, of which nothing is kept"));
  const auto samples = noise(100);
  Peer peer = connect();
  peer.send(std::as_bytes(std::span(samples)));
  peer.close();
  EXPECT_TRUE(test::eventually([&] { return test::filesIn(folder_.path(), ".wav").size() == 1; }));
  const ReceiverReport report = receiver_->stop();
  EXPECT_EQ(report.streams.size(), 1U);
  EXPECT_EQ(test::readOnlyWav(folder_.path()), samples);
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

TEST_F(ReceiverTest, KeepsItsAccountWhereTheDiskWasFull) {
  start();
  FileFaults faults(folder_.path());
  const auto samples = noise(3000);
  Peer peer = connect();
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1}, std::span(samples).first(1000)));
  faults.failAt(2, ENOSPC);  // the header, once the samples are written
  EXPECT_FALSE(peer.sendChunk({.stream_id = 1, .first_sample = 1500}, std::span(samples).subspan(1500)));
  faults.failAt(0);
  Peer again = connect();
  ASSERT_TRUE(again.sendChunk({.stream_id = 1, .first_sample = 1500}, std::span(samples).subspan(1500)));
  const ReceiverReport report = receiver_->stop();
  const StreamAccount& account = report.streams.at(0);
  EXPECT_EQ(report.write_errors, 1U);
  EXPECT_EQ(account.written, 2500U);
  EXPECT_EQ(account.silence, 500U);
  EXPECT_EQ(account.duplicates, 0U);
  EXPECT_EQ(account.next, 3000U);
  EXPECT_EQ(account.gaps, (std::vector<streamer::SampleRange>{{1000, 500}}));
}

TEST_F(ReceiverTest, RefusesAStreamWhoseRecordingItCannotRead) {
  start();
  const auto samples = noise(2000);
  ASSERT_TRUE(connect().sendChunk({.stream_id = 1}, std::span(samples).first(1000)));
  receiver_.reset();
  start();
  {
    FileFaults faults(folder_.path());
    faults.failAt(1, EMFILE);
    Peer refused = connect();
    EXPECT_FALSE(refused.sendChunk({.stream_id = 1, .first_sample = 1000}, std::span(samples).subspan(1000)));
    EXPECT_TRUE(logged("cannot read"));
  }
  EXPECT_EQ(recorded(1), (std::vector<std::int16_t>(samples.begin(), samples.begin() + 1000)));
  ASSERT_TRUE(connect().sendChunk({.stream_id = 1, .first_sample = 1000}, std::span(samples).subspan(1000)));
  EXPECT_EQ(recorded(1), samples);
  EXPECT_TRUE(receiver_->failed());
}

// Whose allocation it is that fails is left to chance; it is one stream's.
TEST_F(ReceiverTest, LosesNothingAcknowledgedAndOneConnectionAtMost_WhicheverAllocationFails) {
  start();
  HeapFaults faults;
  const auto samples = noise(200);
  const auto half = std::span(samples).first(100);
  const auto other_half = std::span(samples).subspan(100);
  for (std::size_t at = 1;; ++at) {
    SCOPED_TRACE(at);
    const std::uint64_t id = 3 * at;
    std::array<std::optional<Peer>, 2> others;
    for (std::size_t i = 0; i < others.size(); ++i) {
      ASSERT_TRUE(others[i].emplace(receiver_->address()).sendChunk({.stream_id = id + 1 + i}, half));
    }
    faults.failAt(at);
    ASSERT_TRUE(test::eventually(
        [&] { return connect().sendChunk({.stream_id = id, .end_of_stream = true}, samples); }));
    const bool failed = faults.failed();
    int lost = 0;
    for (std::size_t i = 0; i < others.size(); ++i) {
      const ChunkHeader header{.stream_id = id + 1 + i, .first_sample = 100};
      if (others[i]->sendChunk(header, other_half)) continue;
      ++lost;
      ASSERT_TRUE(test::eventually([&] { return connect().sendChunk(header, other_half); }));
    }
    EXPECT_LE(lost, 1);
    for (std::uint64_t stream = id; stream < id + 3; ++stream) EXPECT_EQ(recorded(stream), samples);
    if (!failed) break;
    ASSERT_LT(at, 1000U);
  }
}

TEST_F(ReceiverTest, AcceptsConnectionsAfterItsLogThrew) {
  ReceiverOptions options;
  options.folder = folder_.path();
  ReceiverThread receiver(options, [](const std::string& line) { throw std::runtime_error(line); });
  Peer bad(receiver.address());
  bad.send(std::vector<std::byte>(1000, std::byte{0x47}));
  EXPECT_TRUE(bad.isClosed());
  Peer good(receiver.address());
  EXPECT_TRUE(good.sendChunk({.stream_id = 1}, noise(10)));
}

TEST_F(ReceiverTest, TellsWhenAStreamBeginsHasAGapAndEnds) {
  ReceiverOptions options;
  options.narrate = true;
  start(options);
  Peer peer = connect();
  ASSERT_TRUE(peer.sendChunk({.stream_id = 0x1F}, noise(100)));
  ASSERT_TRUE(peer.sendChunk({.stream_id = 0x1F, .first_sample = 123}, noise(100)));
  ASSERT_TRUE(peer.sendChunk({.stream_id = 0x1F, .first_sample = 223, .end_of_stream = true}, {}));
  EXPECT_TRUE(logged("stream 000000000000001f begins, from 127.0.0.1:"));
  EXPECT_TRUE(logged("stream 000000000000001f has a gap of 23 samples at sample 100"));
  EXPECT_TRUE(logged("stream 000000000000001f ended at sample 223"));
  ASSERT_TRUE(connect().sendChunk({.stream_id = 0x1F, .first_sample = 223}, noise(1)));
  EXPECT_TRUE(logged("stream 000000000000001f goes on at sample 223, from 127.0.0.1:"));
  EXPECT_TRUE(logged("stream 000000000000001f left at sample 224"));
}

TEST_F(ReceiverTest, RepeatsNoLineWithoutLimit) {
  start();
  for (int i = 0; i < 50; ++i) {
    Peer bad = connect();
    bad.send(std::vector<std::byte>(100, std::byte{0x47}));
    EXPECT_TRUE(bad.isClosed());
  }
  EXPECT_EQ(receiver_->stop().refused, 50U);
  const std::string lines = log();
  EXPECT_LE(std::count(lines.begin(), lines.end(), '\n'), 10);
  EXPECT_NE(lines.find("left out 45 lines like those before"), std::string::npos) << lines;
}

class FlacReceiverTest : public ReceiverTest {
 protected:
  void startFlac() {
    ReceiverOptions options;
    options.flac = true;
    start(options);
  }
  std::vector<std::int16_t> flac(std::uint64_t first) const {
    return readAudio(test::recordingIn(folder_.path(), 1, first, ".flac"));
  }
  bool onlyFlacs(std::size_t count) const {
    return test::eventually([&] {
      return test::filesIn(folder_.path(), ".flac").size() == count &&
             static_cast<std::size_t>(
                 std::distance(std::filesystem::directory_iterator(folder_.path()), {})) == count;
    });
  }
};

TEST_F(FlacReceiverTest, LosesNothingOfAStreamThatGoesOnWhileItsFlacIsMade) {
  startFlac();
  const auto samples = noise(2'000'000);
  constexpr std::size_t chunk = 10000;
  std::unique_ptr<Peer> peer;
  for (std::size_t first = 0; first < samples.size(); first += chunk) {
    if (!peer) peer = std::make_unique<Peer>(receiver_->address());
    const bool end = first % 500'000 == 490'000;
    ASSERT_TRUE(peer->sendChunk({.stream_id = 1, .first_sample = first, .end_of_stream = end},
                                std::span(samples).subspan(first, chunk)));
    if (end) peer.reset();
  }
  ASSERT_TRUE(onlyFlacs(4));
  std::vector<std::int16_t> all;
  for (std::size_t first = 0; first < samples.size(); first += 500'000) {
    const auto part = flac(first);
    all.insert(all.end(), part.begin(), part.end());
  }
  EXPECT_EQ(all, samples);
}

TEST_F(FlacReceiverTest, EncodesAFileOnceWhereItsEndIsSentAgain) {
  startFlac();
  const auto samples = noise(10000);
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(connect().sendChunk({.stream_id = 1, .end_of_stream = true}, samples));
  }
  ASSERT_TRUE(onlyFlacs(1));
  EXPECT_EQ(flac(0), samples);
  EXPECT_EQ(receiver_->stop().write_errors, 0U);
}

TEST_F(FlacReceiverTest, GivesTheRoomBackAndEncodesLaterWhereTheDiskIsFull) {
  startFlac();
  const auto samples = noise(10000);
  {
    FileFaults faults(folder_.path());
    Peer peer = connect();
    ASSERT_TRUE(peer.sendChunk({.stream_id = 1}, samples));
    ASSERT_TRUE(peer.sendChunk({.stream_id = 1, .first_sample = 10000, .end_of_stream = true}, {}));
    faults.failAt(5, ENOSPC, FileFaults::Way::all_from_there);  // once it is closed and its end marked
    peer.close();
    EXPECT_TRUE(logged("stream-0000000000000001-0-"));
  }
  EXPECT_EQ(recorded(1), samples);
  EXPECT_EQ(receiver_->stop().write_errors, 1U);
  EXPECT_TRUE(test::filesIn(folder_.path(), ".flac").empty());
  startFlac();
  ASSERT_TRUE(onlyFlacs(1));
  EXPECT_EQ(flac(0), samples);
}

TEST_F(FlacReceiverTest, IsNotHeldUpByPipesNamedLikeItsFiles) {
  const auto samples = noise(1000);
  for (const char* extension : {".ended", ".flac.part", ".flac"}) {
    test::TempFolder folder;
    ReceiverOptions options;
    options.folder = folder.path();
    options.flac = true;
    const auto wav = folder / RecordingName{1, 0}.text(".wav");
    test::writeWav(wav, samples);
    std::ofstream(folder / "stream-0000000000000001-0.ended").flush();
    const auto pipe = folder / ("stream-0000000000000001-0" + std::string(extension));
    std::filesystem::remove(pipe);
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    ReceiverThread receiver(options, [](const std::string&) {});
    EXPECT_TRUE(Peer(receiver.address()).sendChunk({.stream_id = 2}, noise(10))) << extension;
    receiver.stop();
    EXPECT_EQ(readAudio(std::filesystem::exists(wav) ? wav : folder / RecordingName{1, 0}.text(".flac")),
              samples)
        << extension;
  }
}

TEST_F(FlacReceiverTest, FinishesWhatAKilledReceiverBegan) {
  const auto samples = noise(10000);
  test::writeWav(folder_ / RecordingName{1, 0}.text(".wav"), samples);
  std::ofstream(folder_ / "stream-0000000000000001-0.flac.part") << "half of it";
  test::writeWav(folder_ / RecordingName{1, 10000}.text(".wav"), samples);
  test::writeAudio(folder_ / RecordingName{1, 10000}.text(".flac"), SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 16000,
                   1, samples);
  std::ofstream(folder_ / "stream-0000000000000001-10000.ended").flush();
  startFlac();
  ASSERT_TRUE(onlyFlacs(2));
  EXPECT_EQ(flac(0), samples);
  EXPECT_EQ(flac(10000), samples);
}

TEST_F(ReceiverTest, HasItsFolderForItself) {
  start();
  ReceiverOptions options;
  options.folder = folder_.path();
  const auto ignore = [](const std::string&) {};
  try {
    const ReceiverThread second(options, ignore);
    FAIL() << "two receivers share a folder";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("has a receiver already"), std::string::npos) << error.what();
  }
  ASSERT_TRUE(connect().sendChunk({.stream_id = 1}, noise(100)));
  receiver_.reset();
  EXPECT_NO_THROW(ReceiverThread(options, ignore));
}

TEST_F(ReceiverTest, PutsItsFolderOnDiskBeforeItListens_WhereItIsDurable) {
  const FileFaults faults(folder_.path());
  ReceiverOptions options;
  options.durable = true;
  start(options);
  EXPECT_EQ(std::ranges::count(faults.calls(), "syncfs"), 1);
}

TEST_F(ReceiverTest, RefusesAStreamWhoseRecordingIsAPipeOrAFolder_AndServesTheOthers) {
  for (const bool flac : {false, true}) {
    const std::string name = RecordingName{1, 0}.text(flac ? ".flac" : ".wav");
    for (const bool pipe : {false, true}) {
      ASSERT_EQ(pipe ? mkfifo((folder_ / name).c_str(), 0600) : mkdir((folder_ / name).c_str(), 0700), 0);
      start();
      EXPECT_FALSE(connect().sendChunk({.stream_id = 1}, noise(10)));
      EXPECT_TRUE(logged(name + "': it is not a regular file; its stream can go on once"));
      EXPECT_TRUE(connect().sendChunk({.stream_id = 2}, noise(10)));
      receiver_.reset();
      log_.clear();
      std::filesystem::remove(folder_ / name);
    }
  }
}

TEST_F(ReceiverTest, RefusesAStreamWhoseRecordingEndsWhereNoStreamComes) {
  for (const char* first : {"9223372036854775807", "18446744073709551615", "4611686018427387895"}) {
    const std::string name = "stream-0000000000000001-" + std::string(first) + ".wav";
    test::writeWav(folder_ / name, noise(10));
    start();
    EXPECT_FALSE(connect().sendChunk({.stream_id = 1}, noise(10))) << name;
    EXPECT_TRUE(logged(name + "': it ends beyond sample 2^62"));
    receiver_.reset();
    std::filesystem::remove(folder_ / name);
  }
}

TEST_F(ReceiverTest, RemovesWhatItIsNotToKeepAndCountsIt) {
  const auto old = folder_ / RecordingName{1, 0}.text(".wav");
  test::writeWav(old, noise(10));
  std::filesystem::last_write_time(old,
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
  test::writeWav(folder_ / RecordingName{1, 10}.text(".wav"), noise(10));
  ReceiverOptions options;
  options.keep.age = std::chrono::hours(1);
  start(options);
  EXPECT_TRUE(logged("removed 'stream-0000000000000001-0'"));
  ASSERT_TRUE(connect().sendChunk({.stream_id = 1, .first_sample = 20}, noise(10)));
  EXPECT_EQ(recorded(1, 10).size(), 20U);
  EXPECT_FALSE(std::filesystem::exists(old));
  EXPECT_EQ(receiver_->stop().removed, 1U);
}

TEST_F(ReceiverTest, HasFiguresOfStreamsThatItForgotToo) {
  ReceiverOptions options;
  options.max_streams = 1;
  start(options);
  std::optional<Peer> last;
  for (std::uint64_t id = 1; id <= 3; ++id)
    ASSERT_TRUE(
        last.emplace(receiver_->address()).sendChunk({.stream_id = id, .first_sample = 5}, noise(10)));
  ReceiverFigures figures;
  EXPECT_TRUE(test::eventually([&] {
    figures = receiver_->figures();
    return figures.chunks == 3 && figures.open_connections == 1;
  }));
  EXPECT_EQ(figures.receiving, 1U);
  EXPECT_EQ(figures.connections, 3U);
  EXPECT_EQ(figures.gaps, 3U);
  EXPECT_EQ(figures.samples_written, 30U);
  EXPECT_TRUE(figures.free_bytes);
}

TEST_F(ReceiverTest, SaysWhyItCannotWriteToItsFolder) {
  FileFaults faults(folder_.path());
  faults.failAt(3, EROFS);  // once the folder is opened
  try {
    start();
    FAIL() << "it starts";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("cannot write to output folder"), std::string::npos)
        << error.what();
    EXPECT_NE(std::string(error.what()).find("Read-only file system"), std::string::npos) << error.what();
  }
}

TEST_F(ReceiverTest, SaysWhyItCannotStart) {
  start();
  ReceiverOptions options;
  options.folder = folder_ / "another";
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
