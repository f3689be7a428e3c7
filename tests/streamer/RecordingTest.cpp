// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cli/Error.h"
#include "cli/FlacEncoder.h"
#include "cli/Recording.h"
#include "cli/RecordingFile.h"
#include "support/Audio.h"
#include "support/TempFolder.h"

namespace millpond::cli {
namespace {

using test::noise;
using test::readAudio;

constexpr std::uint64_t stream_id = 0xABC;
constexpr std::uint32_t rate = 16000;

class RecordingTest : public ::testing::Test {
 protected:
  // As a receiver that starts, or sees the device again.
  void open(const Recording::Limits& limits = {}) {
    account_ = {};
    account_.stream_id = stream_id;
    reopen(limits);
  }
  void reopen(const Recording::Limits& limits = {}) {
    recording_.reset();
    recording_.emplace(folder_.path(), rate, limits, account_);
  }
  void append(std::uint64_t first, std::size_t count) {
    recording_->append(first, std::span(samples_).subspan(first, count));
  }
  std::filesystem::path file(std::uint64_t first) const {
    return folder_ / RecordingFile::name(stream_id, first);
  }
  std::vector<std::int16_t> part(std::size_t first, std::size_t count) const {
    return {samples_.begin() + static_cast<std::ptrdiff_t>(first),
            samples_.begin() + static_cast<std::ptrdiff_t>(first + count)};
  }

  test::TempFolder folder_;
  std::vector<std::int16_t> samples_ = noise(200000);
  StreamAccount account_;
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
  EXPECT_EQ(account_.silence, 0U);
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
  EXPECT_EQ(recording_->next(), 5000U);
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
  EXPECT_EQ(recording_->next(), 1000U);
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
  test::writeWav(folder_ / RecordingFile::name(stream_id + 1, 0), noise(77));
  test::writeWav(folder_ / "unrelated.wav", noise(77));
  open();
  EXPECT_EQ(recording_->next(), 0U);
}

TEST_F(RecordingTest, GoesOnAfterAFileThatBecameFlac) {
  open();
  append(0, 5000);
  recording_.reset();
  const auto flac = encodeAsFlac(file(0));
  EXPECT_FALSE(std::filesystem::exists(file(0)));
  EXPECT_EQ(readAudio(flac), part(0, 5000));
  open();
  append(4000, 2000);
  EXPECT_EQ(readAudio(file(5000)), part(5000, 1000));
}

TEST_F(RecordingTest, SaysWhereItCannotWrite) {
  account_.stream_id = stream_id;
  Recording nowhere(folder_ / "missing", rate, {}, account_);
  EXPECT_THROW(nowhere.append(0, noise(10)), Error);
  EXPECT_EQ(account_.written, 0U);
}

TEST(StreamAccount, ListsAsManyGapsAsItMayAndCountsAll) {
  StreamAccount account;
  for (std::uint64_t i = 0; i < 5000; ++i) account.addGap({i * 10, 2});
  EXPECT_EQ(account.gaps.size(), StreamAccount::listed_gaps);
  EXPECT_EQ(account.gap_count, 5000U);
  EXPECT_EQ(account.missing, 10000U);
}

}  // namespace
}  // namespace millpond::cli
