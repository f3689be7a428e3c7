// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "cli/audio/FlacEncoder.h"
#include "cli/audio/SoundFile.h"
#include "cli/receiver/Recording.h"
#include "cli/receiver/RecordingFile.h"
#include "cli/show/Error.h"
#include "cli/show/UtcTime.h"
#include "tests/cli/support/Audio.h"
#include "tests/cli/support/RecordingPath.h"
#include "tests/support/TempFolder.h"

namespace millpond::cli {
namespace {

using test::noise;
using test::readAudio;

constexpr std::uint64_t recorded_id = 0xABC;
constexpr std::uint32_t rate = 16000;
constexpr UtcTime begun{std::chrono::seconds(1'767'323'045)};  // 2026-01-02T03:04:05Z

class RecordingTest : public ::testing::Test {
 protected:
  // As a receiver that starts, or sees the device again.
  void open(const Recording::Limits& limits = {}) {
    account_ = {};
    account_.stream_id = recorded_id;
    reopen(limits);
  }
  void reopen(const Recording::Limits& limits = {}) {
    recording_.reset();
    recordings_.emplace(folder_.path(), WavFile::Durable::no, [] { return begun; });
    recording_.emplace(*recordings_, rate, limits, account_);
  }
  void append(std::uint64_t first, std::size_t count) {
    recording_->append(first, std::span(samples_).subspan(first, count));
  }
  std::filesystem::path file(std::uint64_t first) const {
    return test::recordingIn(folder_.path(), recorded_id, first);
  }
  // As a receiver names it from now on.
  std::filesystem::path newFile(std::uint64_t first) const {
    return folder_ / RecordingName{recorded_id, first, begun}.text(".wav");
  }
  std::vector<std::int16_t> part(std::size_t first, std::size_t count) const {
    return {samples_.begin() + static_cast<std::ptrdiff_t>(first),
            samples_.begin() + static_cast<std::ptrdiff_t>(first + count)};
  }

  test::TempFolder folder_;
  std::vector<std::int16_t> samples_ = noise(200000);
  // A file of this stream that is readable and not as we write it.
  void expectLeftAlone(const std::function<void(const std::filesystem::path&)>& write, std::size_t frames) {
    write(file(0));
    const std::string before = content(file(0));
    open();
    append(frames, 500);
    append(frames + 500, 500);
    EXPECT_EQ(content(file(0)), before);
    EXPECT_EQ(readAudio(file(frames)), part(frames, 1000));
    EXPECT_EQ(account_.resumed_at, frames);
  }
  static std::string dateOf(const std::filesystem::path& path) {
    SF_INFO info{};
    const SoundFile sound(sf_open(path.c_str(), SFM_READ, &info));
    const char* const date = sf_get_string(sound.get(), SF_STR_DATE);
    return date == nullptr ? "" : date;
  }
  static std::string content(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  StreamAccount account_;
  std::optional<RecordingFolder> recordings_;
  std::optional<Recording> recording_;
};

TEST_F(RecordingTest, IsWholeOnFileAfterEveryAppend) {
  open();
  append(0, 9600);
  EXPECT_EQ(readAudio(file(0)), part(0, 9600));
  append(9600, 100);
  EXPECT_EQ(readAudio(file(0)), part(0, 9700));
  EXPECT_EQ(account_.written, 9700U);
}

TEST_F(RecordingTest, WritesNothingTwice) {
  open();
  append(0, 1000);
  append(0, 1000);
  append(500, 1000);
  EXPECT_EQ(readAudio(file(0)), part(0, 1500));
  EXPECT_EQ(account_.duplicates, 1500U);
  EXPECT_EQ(account_.written, 1500U);
}

TEST_F(RecordingTest, KeepsTheTimelineOverAGap) {
  open();
  append(0, 1000);
  append(1500, 100);
  auto expected = part(0, 1600);
  std::fill(expected.begin() + 1000, expected.begin() + 1500, std::int16_t{0});
  EXPECT_EQ(readAudio(file(0)), expected);
  ASSERT_EQ(account_.gaps.size(), 1U);
  EXPECT_EQ(account_.gaps[0], (streamer::SampleRange{1000, 500}));
  EXPECT_EQ(account_.silence, 500U);
  EXPECT_EQ(account_.written, 1100U);
}

TEST_F(RecordingTest, CountsAGapAtTheStartAndAtTheEnd) {
  open();
  append(100, 100);
  append(300, 0);
  EXPECT_EQ(account_.missing, 200U);
  EXPECT_EQ(readAudio(file(0)).size(), 300U);
}

TEST_F(RecordingTest, BeginsANewFileAfterALongGap) {
  open({.max_fill_seconds = 1});
  append(0, 1000);
  append(100000, 1000);
  EXPECT_EQ(readAudio(file(0)), part(0, 1000));
  EXPECT_EQ(readAudio(file(100000)), part(100000, 1000));
  EXPECT_EQ(account_.missing, 99000U);
  EXPECT_EQ(account_.written + account_.silence, account_.next);
}

TEST_F(RecordingTest, BeginsANewFileWhenOneIsFull) {
  open({.max_file_seconds = 1});
  append(0, 40000);
  EXPECT_EQ(readAudio(file(0)), part(0, 16000));
  EXPECT_EQ(readAudio(file(16000)), part(16000, 16000));
  EXPECT_EQ(readAudio(file(32000)), part(32000, 8000));
}

TEST_F(RecordingTest, GoesOnWhereAnEarlierReceiverEnded) {
  open();
  append(0, 5000);
  open();
  EXPECT_EQ(account_.next, 5000U);
  EXPECT_EQ(account_.resumed_at, 5000U);
  append(4000, 2000);
  EXPECT_EQ(readAudio(file(0)), part(0, 6000));
  EXPECT_EQ(account_.duplicates, 1000U);
}

TEST_F(RecordingTest, GoesOnWithTheLatestFile) {
  open({.max_fill_seconds = 1});
  append(0, 1000);
  append(100000, 1000);
  open({.max_fill_seconds = 1});
  append(101000, 1000);
  EXPECT_EQ(readAudio(file(0)), part(0, 1000));
  EXPECT_EQ(readAudio(file(100000)), part(100000, 2000));
}

TEST_F(RecordingTest, LeavesOutSamplesThatTheHeaderDoesNotCount) {
  open();
  append(0, 1000);
  recording_.reset();
  std::ofstream(file(0), std::ios::app | std::ios::binary) << "written, but killed before the header was";
  open();
  EXPECT_EQ(account_.next, 1000U);
  append(1000, 500);
  EXPECT_EQ(readAudio(file(0)), part(0, 1500));
}

TEST_F(RecordingTest, TakesAFileWithoutAnythingInItForNone) {
  std::ofstream(file(0)).flush();
  open();
  append(0, 100);
  EXPECT_EQ(readAudio(file(0)), part(0, 100));
}

TEST_F(RecordingTest, LeavesOtherStreamsAlone) {
  test::writeWav(folder_ / RecordingName{recorded_id + 1, 0}.text(".wav"), noise(77));
  test::writeWav(folder_ / "unrelated.wav", noise(77));
  open();
  EXPECT_EQ(account_.next, 0U);
}

TEST_F(RecordingTest, GoesOnAfterAFileThatBecameFlac) {
  open();
  append(0, 5000);
  recording_.reset();
  const auto wav = file(0);
  const auto written = std::filesystem::last_write_time(wav) - std::chrono::hours(1);
  std::filesystem::last_write_time(wav, written);
  ASSERT_TRUE(encodeAsFlac(wav));
  EXPECT_FALSE(std::filesystem::exists(wav));
  const auto flac = test::recordingIn(folder_.path(), recorded_id, 0, ".flac");
  EXPECT_EQ(readAudio(flac), part(0, 5000));
  EXPECT_EQ(dateOf(flac), "2026-01-02T03:04:05Z");
  EXPECT_EQ(std::filesystem::last_write_time(flac), written);
  open();
  append(4000, 2000);
  EXPECT_EQ(readAudio(file(5000)), part(5000, 1000));
}

TEST_F(RecordingTest, BeginsANewFileAfterOneThatHasSomethingBeforeItsSound) {
  expectLeftAlone(
      [&](const std::filesystem::path& path) {
        test::writeWav(path, part(0, 1000));
        std::string bytes = content(path);
        bytes.insert(36, std::string("JUNK\x1c\0\0\0", 8) + std::string(28, '\0'));
        bytes[4] = static_cast<char>(bytes[4] + 36);
        std::ofstream(path, std::ios::binary) << bytes;
        ASSERT_EQ(readAudio(path), part(0, 1000));
      },
      1000);
}

TEST_F(RecordingTest, BeginsANewFileAfterOneThatHasATagBehindItsSound) {
  expectLeftAlone(
      [&](const std::filesystem::path& path) {
        test::writeWav(path, part(0, 1000));
        std::string bytes = content(path) + std::string("LIST\x04\0\0\0INFO", 12);
        bytes[4] = static_cast<char>(bytes[4] + 12);
        std::ofstream(path, std::ios::binary) << bytes;
        ASSERT_EQ(readAudio(path), part(0, 1000));
      },
      1000);
}

TEST_F(RecordingTest, BeginsANewFileAfterOneOfAnotherWidth) {
  expectLeftAlone(
      [&](const std::filesystem::path& path) {
        test::writeAudio(path, SF_FORMAT_WAV | SF_FORMAT_PCM_24, rate, 1, part(0, 1000));
      },
      1000);
}

TEST_F(RecordingTest, BeginsANewFileAfterOneOfAnotherRate) {
  expectLeftAlone([&](const std::filesystem::path& path) { test::writeWav(path, part(0, 1000), 8000); },
                  1000);
}

TEST_F(RecordingTest, SaysInNameAndFileWhenItWasBegun) {
  open();
  append(0, 1000);
  EXPECT_EQ(file(0).filename(), "stream-0000000000000abc-0-20260102T030405Z.wav");
  EXPECT_EQ(dateOf(file(0)), "2026-01-02T03:04:05Z");
  EXPECT_EQ(readAudio(file(0)), part(0, 1000));
}

TEST_F(RecordingTest, GoesOnInAFileThatSaysWhenItWasBegunAndKeepsThat) {
  const UtcTime earlier = begun - std::chrono::hours(1);
  const auto path = folder_ / RecordingName{recorded_id, 0, earlier}.text(".wav");
  WavFile::create(path, rate, earlier).append(part(0, 1000));
  std::ofstream(path, std::ios::app | std::ios::binary) << "written, but killed before the header was";
  open();
  append(1000, 500);
  EXPECT_EQ(readAudio(path), part(0, 1500));
  EXPECT_EQ(dateOf(path), "2026-01-02T02:04:05Z");
}

TEST_F(RecordingTest, TakesAHeaderWithAnImpossibleDateForAnothers) {
  expectLeftAlone(
      [&](const std::filesystem::path& path) {
        WavFile::create(path, rate, begun).append(part(0, 1000));
        std::string bytes = content(path);
        bytes.replace(56, 7, "2026-13");
        std::ofstream(path, std::ios::binary) << bytes;
      },
      1000);
}

TEST_F(RecordingTest, GoesOnInAFileThatLibsndfileWrote) {
  test::writeWav(file(0), part(0, 1000), rate);
  open();
  append(1000, 500);
  EXPECT_EQ(readAudio(file(0)), part(0, 1500));
}

TEST_F(RecordingTest, KeepsASampleCutInHalfByAPowerFailureOut) {
  open();
  append(0, 1000);
  recording_.reset();
  std::filesystem::resize_file(file(0), 86 + 2 * 700 + 1);
  open();
  EXPECT_EQ(account_.next, 700U);
  append(700, 500);
  EXPECT_EQ(readAudio(file(0)), part(0, 1200));
}

TEST_F(RecordingTest, RefusesAStreamWithAFileThatHoldsNoSound) {
  std::ofstream(file(0)) << "the quick brown fox jumps over the lazy dog, and then again";
  const std::string before = content(file(0));
  EXPECT_THROW(open(), Error);
  EXPECT_EQ(content(file(0)), before);
}

TEST_F(RecordingTest, RefusesAStreamWithAFileOfNoSamplesThatItDidNotWrite) {
  test::writeWav(file(0), part(0, 10));
  std::filesystem::resize_file(file(0), 43);
  const std::string before = content(file(0));
  try {
    open();
    FAIL() << "it goes on";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("once it is readable or moved away"), std::string::npos)
        << error.what();
  }
  EXPECT_EQ(content(file(0)), before);
}

TEST_F(RecordingTest, SaysWhatToDoWhereItsNameIsTaken) {
  std::filesystem::create_symlink(folder_ / "missing", newFile(0));
  open();
  try {
    append(0, 10);
    FAIL() << "it writes through a link";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("once what is there is moved away"), std::string::npos)
        << error.what();
  }
}

TEST_F(RecordingTest, NeverCreatesOverAFileThatCameLater) {
  open();
  test::writeWav(newFile(0), noise(1000, 7), rate);
  EXPECT_THROW(append(0, 500), Error);
  EXPECT_EQ(readAudio(file(0)), noise(1000, 7));
  reopen();
  EXPECT_EQ(account_.next, 1000U);
}

TEST_F(RecordingTest, TakesAFileThatWasMovedAwayForNone) {
  open({.max_file_seconds = 1});
  append(0, 20000);
  recording_.reset();
  std::filesystem::remove(file(16000));
  StreamAccount account{.stream_id = recorded_id};
  recording_.emplace(*recordings_, rate, Recording::Limits{}, account);
  EXPECT_EQ(account.next, 16000U);
}

TEST_F(RecordingTest, AppendsNothingToAFileThatHasEnded) {
  open();
  append(0, 1000);
  recording_.reset();
  ASSERT_EQ(recordings_->end(recorded_id).size(), 1U);
  EXPECT_TRUE(recordings_->end(recorded_id).empty()) << "it is encoded twice";
  recording_.emplace(*recordings_, rate, Recording::Limits{}, account_);
  append(1000, 500);
  EXPECT_EQ(readAudio(file(0)), part(0, 1000));
  EXPECT_EQ(readAudio(file(1000)), part(1000, 500));
}

TEST_F(RecordingTest, KnowsWhatAnEarlierReceiverDidNotEncode) {
  test::writeWav(file(0), part(0, 1000));
  std::ofstream(folder_ / "stream-0000000000000abc-0.ended").flush();
  test::writeWav(file(1000), part(1000, 1000));
  std::ofstream(folder_ / "stream-0000000000000abc-1000.flac.part") << "half of it";
  test::writeWav(file(2000), part(2000, 1000));
  std::ofstream(folder_ / "stream-0000000000000abc-5000.flac.part") << "of nothing";
  RecordingFolder recordings(folder_.path());
  EXPECT_EQ(recordings.unfinished(), (std::vector<RecordingName>{{recorded_id, 0}, {recorded_id, 1000}}));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "stream-0000000000000abc-5000.flac.part"));
}

TEST_F(RecordingTest, LeavesAFileWithoutSamplesWav) {
  test::writeWav(file(0), {}, rate);
  EXPECT_FALSE(encodeAsFlac(file(0)));
  EXPECT_TRUE(std::filesystem::exists(file(0)));
}

TEST_F(RecordingTest, TakesOnlyItsOwnNamesForRecordings) {
  std::string_view extension;
  EXPECT_EQ(RecordingName::parse("stream-0000000000000abc-17.flac", extension), (RecordingName{0xABC, 17}));
  EXPECT_EQ(extension, ".flac");
  EXPECT_EQ(RecordingName::parse("stream-0000000000000abc-17-20260102T030405Z.wav", extension),
            (RecordingName{0xABC, 17, begun}));
  EXPECT_EQ(extension, ".wav");
  for (const char* name :
       {"stream-0000000000000abc-017.wav", "stream-0000000000000ABC-17.wav", "stream-abc-17.wav",
        "stream-0000000000000abc-.wav", "stream-0000000000000abc", "stream-0000000000000abc-",
        "stream-0000000000000abc-99999999999999999999.wav", "stream-0000000000000abc_17.wav",
        "stream-0000000000000abc-17-20261302T030405Z.wav", "stream-0000000000000abc-17-20260102T030405.wav",
        "stream-0000000000000abc-17-2026-1-2T030405Z.wav", "stream-0000000000000abc-17-.wav", ""}) {
    EXPECT_EQ(RecordingName::parse(name, extension), std::nullopt) << name;
  }
}

TEST_F(RecordingTest, SaysWhereItCannotReadAFolder) {
  EXPECT_THROW(RecordingFolder(folder_ / "missing"), Error);
}

TEST_F(RecordingTest, SaysWhereItCannotWrite) {
  open();
  std::filesystem::remove_all(folder_.path());
  EXPECT_THROW(recording_->append(0, noise(10)), Error);
  EXPECT_EQ(account_.written, 0U);
}

TEST(StreamAccount, TakesAGapThatGoesOnForOne) {
  StreamAccount account;
  account.addSilence(10);
  account.addSilence(5);
  account.addWritten(1);
  account.addSilence(2);
  EXPECT_EQ(account.gaps, (std::vector<streamer::SampleRange>{{0, 15}, {16, 2}}));
  EXPECT_EQ(account.gap_count, 2U);
}

TEST(StreamAccount, ListsAsManyGapsAsItMayAndCountsAll) {
  StreamAccount account;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    account.addSilence(2);
    account.addWritten(8);
  }
  EXPECT_EQ(account.gaps.size(), StreamAccount::listed_gaps);
  EXPECT_EQ(account.gap_count, 5000U);
  EXPECT_EQ(account.missing, 10000U);
}

}  // namespace
}  // namespace millpond::cli
