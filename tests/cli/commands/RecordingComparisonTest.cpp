// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "cli/commands/RecordingComparison.h"
#include "cli/receiver/RecordingFile.h"
#include "tests/cli/support/Audio.h"
#include "tests/cli/support/Fifo.h"
#include "tests/support/TempFolder.h"

namespace millpond::cli {
namespace {

constexpr std::uint64_t stream_id = 5;

class RecordingComparisonTest : public ::testing::Test {
 protected:
  RecordingComparisonTest() { test::writeWav(folder_ / "in.wav", samples_); }

  void record(std::uint64_t first, std::vector<std::int16_t> samples) {
    test::writeWav(folder_ / RecordingName{stream_id, first}.text(".wav"), samples);
  }
  std::vector<std::int16_t> part(std::size_t first, std::size_t count) const {
    return {samples_.begin() + static_cast<std::ptrdiff_t>(first),
            samples_.begin() + static_cast<std::ptrdiff_t>(first + count)};
  }
  RecordingComparison compare(std::size_t captured = 10000) const {
    return compareWith((folder_ / "in.wav").string(), captured);
  }
  RecordingComparison compareWith(const std::string& path, std::size_t captured) const {
    Input input = Input::sound(path, {}, false, [] { return false; });
    SampleDigest digest;
    for (const std::int16_t sample : part(0, captured)) digest.add(sample);
    return RecordingComparison::make(input, digest, folder_.path(), stream_id);
  }

  test::TempFolder folder_;
  std::vector<std::int16_t> samples_ = test::noise(10000);
};

TEST_F(RecordingComparisonTest, FindsTheSameSamplesInOneFileOrMore) {
  record(0, part(0, 6000));
  record(6000, part(6000, 4000));
  EXPECT_EQ(compare().first_difference, std::nullopt);
  EXPECT_EQ(compare().samples_out, 10000U);
}

TEST_F(RecordingComparisonTest, FindsTheFirstSampleThatDiffers) {
  auto wrong = samples_;
  wrong[7001] = static_cast<std::int16_t>(wrong[7001] + 1);
  record(0, wrong);
  EXPECT_EQ(compare().first_difference, 7001U);
}

TEST_F(RecordingComparisonTest, FindsWhatIsMissing) {
  record(0, part(0, 5000));
  EXPECT_EQ(compare().first_difference, 5000U);
  record(6000, part(6000, 4000));
  EXPECT_EQ(compare().first_difference, 5000U);
}

TEST_F(RecordingComparisonTest, FindsWhatIsTooMuch) {
  record(0, samples_);
  EXPECT_EQ(compare(9000).first_difference, 9000U);
}

TEST_F(RecordingComparisonTest, KnowsWhatAPipeBroughtByItsDigest) {
  const test::Fifo pipe(folder_ / "in.wav");
  record(0, part(0, 6000));
  record(6000, part(6000, 4000));
  EXPECT_EQ(compareWith(pipe.path(), 10000).first_difference, std::nullopt);
  auto wrong = part(6000, 4000);
  wrong[1001] = static_cast<std::int16_t>(wrong[1001] + 1);
  record(6000, wrong);
  const test::Fifo again(folder_ / "in.wav");
  EXPECT_EQ(compareWith(again.path(), 10000).first_difference, 7001U / 64 * 64);
}

TEST_F(RecordingComparisonTest, FindsThatThereIsNothing) { EXPECT_EQ(compare().first_difference, 0U); }

}  // namespace
}  // namespace millpond::cli
