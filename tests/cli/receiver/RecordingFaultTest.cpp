// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "cli/audio/FlacEncoder.h"
#include "tests/cli/support/Audio.h"
#include "tests/cli/support/FileFaults.h"
#include "tests/cli/support/RecordingDrill.h"
#include "tests/support/TempFolder.h"

namespace millpond::cli {
namespace {

using test::FileFaults;
using test::RecordingDrill;
using Way = FileFaults::Way;

// Gaps short and long, chunks that come again, files that fill up, and a receiver that starts again.
constexpr std::array<streamer::SampleRange, 10> all_sorts{{{0, 500},
                                                           {500, 500},
                                                           {1100, 300},
                                                           {1200, 1500},
                                                           {1200, 1500},
                                                           {2700, 300},
                                                           {3300, 0},
                                                           {9000, 100},
                                                           {9050, 100},
                                                           {9300, 0}}};

// Effect: sends chunks from number `step` on, until one is not acknowledged.
void record(RecordingDrill& drill, std::size_t& step) {
  for (; step < all_sorts.size(); ++step) {
    if (step == 5) drill.restart();
    if (!drill.send(all_sorts[step].first, all_sorts[step].samples)) return;
  }
}

// Returns: how many calls it took.
std::size_t recordWithFault(std::size_t at, Way way, int error, WavFile::Durable durable) {
  const test::TempFolder folder;
  FileFaults faults(folder.path());
  RecordingDrill drill(folder.path(), durable);
  faults.failAt(at, error, way);
  std::size_t step = 0;
  record(drill, step);
  const std::vector<std::string> calls = faults.calls();
  SCOPED_TRACE(testing::Message() << "call " << at << ", "
                                  << (at > 0 && at <= calls.size() ? calls[at - 1] : "none") << ", way "
                                  << static_cast<int>(way));
  EXPECT_TRUE(at == 0 || at > calls.size() || way == Way::half || faults.failed() > 0);
  faults.failAt(0);
  record(drill, step);
  EXPECT_EQ(drill.account().next, 9300U);
  drill.expectOnFileOnce();
  return calls.size();
}

TEST(RecordingFault, AcknowledgedIsOnFileOnce_WhicheverCallFails) {
  for (const auto durable : {WavFile::Durable::no, WavFile::Durable::yes}) {
    const std::size_t calls = recordWithFault(0, Way::refused, EIO, durable);
    ASSERT_GT(calls, 30U);
    for (std::size_t at = 1; at <= calls; ++at) {
      for (const Way way : {Way::refused, Way::half, Way::after_all}) recordWithFault(at, way, EIO, durable);
      recordWithFault(at, Way::all_from_there, ENOSPC, durable);
    }
  }
}

TEST(RecordingFault, SamplesReachTheDiskBeforeTheHeaderThatCountsThem_WhereItIsDurable) {
  const test::TempFolder folder;
  FileFaults faults(folder.path());
  RecordingDrill drill(folder.path(), WavFile::Durable::yes);
  drill.send(0, 100);
  faults.failAt(0);
  drill.send(100, 100);
  EXPECT_EQ(faults.calls(), (std::vector<std::string>{"pwrite", "fsync", "pwrite", "fsync"}));
}

TEST(RecordingFault, TheDiskIsNotWaitedFor_WhereItIsNotDurable) {
  const test::TempFolder folder;
  FileFaults faults(folder.path());
  RecordingDrill drill(folder.path());
  drill.send(0, 100);
  drill.send(100, 100);
  EXPECT_EQ(std::ranges::count(faults.calls(), "fsync"), 0);
}

TEST(RecordingFault, SilenceTakesNoWriting) {
  const test::TempFolder folder;
  FileFaults faults(folder.path());
  StreamAccount account{.stream_id = 1};
  RecordingFolder recordings(folder.path());
  Recording recording(recordings, 48000, {}, account);
  recording.append(299 * 48000, std::vector<std::int16_t>(1));
  EXPECT_LT(faults.bytesWritten(), 1000U);
  EXPECT_EQ(account.silence, 299U * 48000);
}

TEST(RecordingFault, AStreamIsFoundWithoutReadingTheFolder) {
  const test::TempFolder folder;
  for (std::uint64_t id = 0; id < 100; ++id)
    test::writeWav(folder / RecordingName{id, 0}.text(".wav"), test::noise(10));
  RecordingFolder recordings(folder.path());
  const FileFaults faults(folder.path());
  EXPECT_EQ(recordings.latest(50)->end(), 10U);
  EXPECT_EQ(recordings.latest(1000), std::nullopt);
  EXPECT_EQ(faults.folderEntriesRead(), 0U);
  EXPECT_EQ(std::ranges::count(faults.calls(), "open"), 1);
  RecordingFolder again(folder.path());
  EXPECT_GT(faults.folderEntriesRead(), 100U) << "the count does not work";
}

// Of a file that is not ours.
TEST(RecordingFault, AnErrorIsNeverTakenForTheEndOfAFile) {
  const test::TempFolder folder;
  const auto path = folder / RecordingName{1, 0}.text(".wav");
  for (const int format : {SF_FORMAT_WAV | SF_FORMAT_PCM_24, SF_FORMAT_FLAC | SF_FORMAT_PCM_16}) {
    test::writeAudio(path, format, 16000, 1, test::noise(10000));
    FileFaults faults(folder.path());
    EXPECT_EQ(RecordingFile::read(path, {1, 0})->frames, 10000U);
    const std::vector<std::string> calls = faults.calls();
    for (std::size_t at = 1; at < calls.size(); ++at) {  // the last closes it
      faults.failAt(at);
      EXPECT_THROW(RecordingFile::read(path, {1, 0}), Error) << at << ": " << calls[at - 1];
    }
  }
}

class FlacFaultTest : public ::testing::Test {
 protected:
  void expectAllOnFileOnce() const {
    const bool wav = std::filesystem::exists(wav_);
    const bool flac = std::filesystem::exists(flac_);
    EXPECT_TRUE(wav || flac);
    EXPECT_TRUE(!wav || test::readAudio(wav_) == samples_);
    EXPECT_TRUE(!flac || test::readAudio(flac_) == samples_);
  }

  test::TempFolder folder_;
  std::vector<std::int16_t> samples_ = test::noise(10000);
  std::filesystem::path wav_ = folder_ / "stream-0000000000000001-0.wav";
  std::filesystem::path flac_ = folder_ / "stream-0000000000000001-0.flac";
};

TEST_F(FlacFaultTest, SamplesStayOnFile_WhicheverCallOfTheEncoderFails) {
  for (const Way way : {Way::refused, Way::half, Way::after_all, Way::all_from_there}) {
    for (std::size_t at = 1;; ++at) {
      SCOPED_TRACE(testing::Message() << "call " << at << ", way " << static_cast<int>(way));
      std::filesystem::remove(flac_);
      test::writeWav(wav_, samples_);
      FileFaults faults(folder_.path());
      faults.failAt(at, ENOSPC, way);
      bool done = false;
      try {
        encodeAsFlac(wav_);
        done = true;
      } catch (const std::exception&) {
        done = false;
      }
      const std::size_t calls = faults.calls().size();
      faults.failAt(0);
      expectAllOnFileOnce();
      EXPECT_TRUE(way == Way::all_from_there || test::filesIn(folder_.path(), ".part").empty());
      if (!done && std::filesystem::exists(wav_)) encodeAsFlac(wav_);
      EXPECT_EQ(test::readAudio(flac_), samples_);
      EXPECT_EQ(test::filesIn(folder_.path(), ".flac").size(), 1U);
      if (at > calls) break;
      ASSERT_LT(at, 1000U);
    }
  }
}

TEST_F(FlacFaultTest, SaysThatTheDiskIsFull_WhicheverCallSaysSo) {
  test::writeWav(wav_, samples_);
  FileFaults faults(folder_.path());
  encodeAsFlac(wav_);
  const std::vector<std::string> calls = faults.calls();
  for (std::size_t at = 1; at <= calls.size(); ++at) {
    if (calls[at - 1].find("write") == std::string::npos) continue;
    test::writeWav(wav_, samples_);
    std::filesystem::remove(flac_);
    faults.failAt(at, ENOSPC, Way::all_from_there);
    try {
      encodeAsFlac(wav_);
      ADD_FAILURE() << "call " << at << " did not fail";
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("No space left on device"), std::string::npos) << error.what();
    }
    faults.failAt(0);
    std::filesystem::remove(folder_ / "stream-0000000000000001-0.flac.part");
  }
}

TEST_F(FlacFaultTest, TheDiskHasTheFlacFileAndItsNameBeforeTheWavFileGoes) {
  test::writeWav(wav_, samples_);
  const FileFaults faults(folder_.path());
  encodeAsFlac(wav_);
  std::vector<std::string> calls = faults.calls();
  std::erase_if(calls, [](const std::string& call) {
    return call != "fsync" && call != "rename" && call != "remove" && call != "unlink";
  });
  ASSERT_GE(calls.size(), 5U);
  calls.resize(5);  // the first makes way for the file that becomes the FLAC file
  EXPECT_EQ(calls, (std::vector<std::string>{"unlink", "fsync", "rename", "fsync", "remove"}));
}

TEST_F(FlacFaultTest, AnotherFileOfTheSameNameIsLeftAlone) {
  test::writeWav(wav_, samples_);
  const auto other = test::noise(100, 2);
  test::writeAudio(flac_, SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 16000, 1, other);
  EXPECT_THROW(encodeAsFlac(wav_), Error);
  EXPECT_EQ(test::readAudio(flac_), other);
  EXPECT_EQ(test::readAudio(wav_), samples_);
}

}  // namespace
}  // namespace millpond::cli
