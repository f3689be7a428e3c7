// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <thread>

#include "cli/device/Pace.h"
#include "cli/device/PacedSource.h"
#include "cli/show/Error.h"
#include "streamer/capture/ToneSource.h"

namespace millpond::cli {
namespace {

using streamer::Backlog;

TEST(Pace, ReadsSpeeds) {
  EXPECT_EQ(Pace::parse("1").speed, 1);
  EXPECT_EQ(Pace::parse("0.5").speed, 0.5);
  EXPECT_EQ(Pace::parse("1000").when_full, Backlog::WhenFull::drop_oldest);
  EXPECT_EQ(Pace::parse("max").speed, 0);
  EXPECT_EQ(Pace::parse("max").when_full, Backlog::WhenFull::wait);
}

TEST(Pace, RefusesWhatIsNoSpeed) {
  for (const char* text : {"", "0", "-1", "1001", "1e-300", "0.0009", "nan", "inf", "fast", "1x", "Max"}) {
    EXPECT_THROW(Pace::parse(text), UsageError) << text;
  }
}

TEST(Pace, OfADemonstrationEndsInTimeHoweverLongTheInput) {
  EXPECT_EQ(Pace::forDemonstration(3).speed, 1);
  for (const double seconds : {1.0, 15.0, 16.0, 3600.0, 14400.0}) {
    EXPECT_LE(seconds / Pace::forDemonstration(seconds).speed, 15.0);
  }
  EXPECT_EQ(Pace::forDemonstration(3600).when_full, Backlog::WhenFull::wait);
}

TEST(PacedSource, GivesNoFrameBeforeItWouldBeHeard) {
  streamer::ToneSource tone(440, 1600);
  PacedSource paced(tone, 2);  // 100 ms of sound in 50 ms
  std::array<std::int32_t, 400> frames{};
  const auto start = std::chrono::steady_clock::now();
  std::size_t total = 0;
  while (const std::size_t count = paced.read(frames)) total += count;
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(50));
  EXPECT_EQ(total, 1600U);
}

TEST(PacedSource, StopEndsAReadThatWaits) {
  streamer::ToneSource tone(440, 1600000);
  PacedSource paced(tone, 0.001);
  std::array<std::int32_t, 4096> frames{};
  std::thread stopping([&] { paced.stop(); });
  EXPECT_EQ(paced.read(frames), 0U);
  stopping.join();
}

/// Comes to a halt once.
class HaltingSource : public streamer::AudioSource {
 public:
  std::size_t read(std::span<std::int32_t> frames) override {
    if (++reads_ == 2) std::this_thread::sleep_for(std::chrono::seconds(1));
    return frames.size();
  }

 private:
  int reads_ = 0;
};

TEST(PacedSource, CatchesUpWithHalfASecondAtMostOfASourceThatCameToAHalt) {
  HaltingSource halting;
  PacedSource paced(halting, 1);
  std::array<std::int32_t, streamer::sample_rate / 10> frames{};
  for (int read = 0; read < 2; ++read) EXPECT_EQ(paced.read(frames), frames.size());
  const auto start = std::chrono::steady_clock::now();
  for (int read = 0; read < 8; ++read) EXPECT_EQ(paced.read(frames), frames.size());
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(250));
}

}  // namespace
}  // namespace millpond::cli
