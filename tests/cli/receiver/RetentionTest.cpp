// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/receiver/Retention.h"
#include "tests/cli/support/Audio.h"
#include "tests/support/TempFolder.h"

namespace millpond::cli {
namespace {

using std::chrono::hours;

/// Real files, of which the test says when they were written, how much room there is, and what time it is.
class RetentionTest : public ::testing::Test {
 protected:
  void write(const std::string& name, hours age, std::size_t samples = 4000) {
    test::writeWav(folder_ / name, test::noise(samples));
    setAge(name, age);
  }
  void setAge(const std::string& name, hours age) {
    const timespec time{(now_ - age).time_since_epoch().count(), 0};
    const timespec times[] = {time, time};
    ASSERT_EQ(::utimensat(AT_FDCWD, (folder_ / name).c_str(), times, AT_SYMLINK_NOFOLLOW), 0);
  }
  void start(const KeepLimits& limits) {
    recordings_.emplace(folder_.path(), WavFile::Durable::no, [this] { return now_; });
    retention_.emplace(
        *recordings_, limits,
        Retention::World{
            .removed = [this](const RecordingName&, const std::string& line) { said_ += line + "\n"; },
            .complain =
                [this](const std::string& line, bool failed) {
                  said_ += line + "\n";
                  failures_ += failed ? 1 : 0;
                },
            .receiving = [this](std::uint64_t id) { return received_.contains(id); },
            .now = [this] { return now_; },
            .freeBytes = [this] { return free_; },
        });
  }
  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
      names.insert(entry.path().filename().string());
    return names;
  }
  static std::string name(std::uint64_t id, std::uint64_t first, const char* extension = ".wav") {
    return RecordingName{id, first}.text(extension);
  }

  test::TempFolder folder_;
  UtcTime now_{std::chrono::seconds(1'800'000'000)};
  std::optional<std::uint64_t> free_ = 0;
  std::set<std::uint64_t> received_;
  std::string said_;
  int failures_ = 0;
  std::optional<RecordingFolder> recordings_;
  std::optional<Retention> retention_;
};

TEST_F(RetentionTest, RemovesWhatIsOlderThanItKeepsAndSaysSo) {
  write(name(1, 0), hours(50));
  write(name(1, 4000), hours(47));
  write(name(2, 0), hours(49));
  start({.age = hours(48)});
  retention_->run();
  EXPECT_EQ(files(), std::set<std::string>{name(1, 4000)});
  EXPECT_EQ(retention_->removed(), 2U);
  EXPECT_GE(retention_->removedBytes(), 2U * 8000U);
  EXPECT_TRUE(
      said_.starts_with("removed 'stream-0000000000000001-0', 8192 bytes, last written "
                        "2027-01-13T06:00:00Z: older than --keep\nremoved 'stream-0000000000000002-0'"))
      << said_;
  now_ += hours(2);
  retention_->run();
  EXPECT_TRUE(files().empty());
}

TEST_F(RetentionTest, RemovesTheOldestUntilThereIsRoom) {
  for (const int age : {3, 1, 4, 2}) write(name(static_cast<std::uint64_t>(age), 0), hours(age));
  start({.free_bytes = 20000});
  free_ = 20000;
  retention_->run();
  EXPECT_EQ(files().size(), 4U);
  free_ = 10000;  // two of 8 KiB are what it takes, though the system does not say yet that they are free
  retention_->run();
  EXPECT_EQ(files(), (std::set<std::string>{name(1, 0), name(2, 0)}));
  EXPECT_EQ(retention_->removed(), 2U);
}

TEST_F(RetentionTest, RemovesWhatAClockThatWasAheadHasDated) {
  write(RecordingName{1, 0, now_ + hours(9000)}.text(".wav"), hours(50));
  write(name(2, 0), hours(-9000));
  write(name(3, 0), hours(-9000));
  write(name(4, 0), hours(1));
  received_ = {3};
  start({.age = hours(48)});
  retention_->run();
  EXPECT_EQ(files(), (std::set<std::string>{name(2, 0), name(3, 0), name(4, 0)}));
  start({.free_bytes = 10000});
  free_ = 2000;  // one of 8 KiB is what it takes, the oldest
  retention_->run();
  EXPECT_EQ(files(), (std::set<std::string>{name(2, 0), name(3, 0)}));
  retention_->run();
  retention_->run();
  EXPECT_EQ(files(), std::set<std::string>{name(3, 0)});
}

TEST_F(RetentionTest, NeverRemovesWhatIsBeingWritten) {
  write(name(1, 0), hours(9));
  write(name(1, 4000), hours(8));
  write(name(2, 0), hours(1));
  received_ = {1};
  start({.age = hours(2), .free_bytes = 1'000'000});
  retention_->run();
  EXPECT_EQ(files(), std::set<std::string>{name(1, 4000)});
  EXPECT_NE(said_.find("no recording is left to remove"), std::string::npos) << said_;
  received_.clear();
  now_ += std::chrono::seconds(1);
  retention_->run();
  EXPECT_TRUE(files().empty());
}

TEST_F(RetentionTest, RemovesAFileThatTheReceiverWroteMeanwhile) {
  start({.free_bytes = 1'000'000});
  recordings_->create(7, 0, 16000).close();
  now_ += hours(2);
  setAge(RecordingName{7, 0, now_ - hours(2)}.text(".wav"), hours(1));
  retention_->run();
  EXPECT_TRUE(files().empty());
  EXPECT_FALSE(recordings_->latest(7));
}

TEST_F(RetentionTest, LeavesAloneWhatNoReceiverWrote) {
  write("unrelated.wav", hours(99));
  write("stream-0000000000000001-007.wav", hours(99));
  write(name(1, 0), hours(99));
  std::ofstream(folder_ / name(1, 0), std::ios::app) << "LIST";
  std::filesystem::resize_file(folder_ / name(1, 0), 40);
  test::writeAudio(folder_ / name(2, 0), SF_FORMAT_WAV | SF_FORMAT_PCM_24, 16000, 1, test::noise(10));
  std::filesystem::create_directory(folder_ / name(3, 0));
  std::filesystem::create_symlink(folder_ / "unrelated.wav", folder_ / name(4, 0));
  ASSERT_EQ(mkfifo((folder_ / name(5, 0, ".flac")).c_str(), 0600), 0);
  for (const auto& file : files()) setAge(file, hours(99));
  const auto before = files();
  start({.age = hours(1), .free_bytes = 1'000'000});
  write(name(6, 0), hours(99));  // it came after the receiver had read the folder
  retention_->run();
  EXPECT_EQ(files().size(), before.size() + 1);
  EXPECT_EQ(retention_->removed(), 0U);
}

TEST_F(RetentionTest, RemovesAllThatBelongsToARecordingAndNothingThatIsBeingEncoded) {
  for (const std::uint64_t id : {1, 2}) {
    write(name(id, 0), hours(9));
    test::writeAudio(folder_ / name(id, 0, ".flac"), SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 16000, 1,
                     test::noise(10));
    std::ofstream(folder_ / name(id, 0, ".ended")).flush();
    std::ofstream(folder_ / name(id, 0, ".flac.part")).flush();
    setAge(name(id, 0, ".flac"), hours(8));
  }
  start({.age = hours(7)});
  ASSERT_EQ(recordings_->end(2).size(), 1U);
  retention_->run();
  EXPECT_EQ(files().size(), 4U);
  EXPECT_FALSE(files().contains(name(1, 0, ".flac")));
  recordings_->encoded({2, 0});
  now_ += std::chrono::seconds(1);
  retention_->run();
  EXPECT_TRUE(files().empty());
}

TEST_F(RetentionTest, SaysOnceThatNothingIsLeftAndAgainAfterThereWasRoom) {
  start({.free_bytes = 10});
  const auto lines = [this] { return std::ranges::count(said_, '\n'); };
  retention_->run();
  retention_->run();
  EXPECT_EQ(said_, "0 bytes are free, not the 10 of --keep-free, and no recording is left to remove\n");
  free_ = 10;
  retention_->run();
  free_ = 9;
  retention_->run();
  EXPECT_EQ(lines(), 2);
  EXPECT_EQ(failures_, 0);
  free_ = std::nullopt;  // the system does not say
  retention_->run();
  EXPECT_EQ(lines(), 2);
}

TEST_F(RetentionTest, SaysWhatItCannotRemoveAndGoesOnWithTheNext) {
  write(name(1, 0), hours(9));
  write(name(2, 0), hours(8));
  std::filesystem::create_directory(folder_ / name(1, 0, ".flac.part"));
  start({.age = hours(1)});
  retention_->run();
  EXPECT_EQ(failures_, 1);
  EXPECT_TRUE(said_.starts_with("cannot remove 'stream-0000000000000001-0': Is a directory")) << said_;
  EXPECT_FALSE(files().contains(name(2, 0)));
}

TEST_F(RetentionTest, TakesManyInSeveralCalls) {
  for (std::uint64_t id = 0; id < Retention::removals_a_call + 5; ++id) write(name(id, 0), hours(9), 1);
  start({.age = hours(1)});
  retention_->run();
  EXPECT_EQ(files().size(), 5U);
  retention_->run();
  EXPECT_TRUE(files().empty());
}

}  // namespace
}  // namespace millpond::cli
