// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>
#include <thread>

#include "cli/audio/SoundFile.h"
#include "cli/device/Input.h"
#include "cli/show/Error.h"
#include "tests/cli/support/Audio.h"
#include "tests/cli/support/Fifo.h"
#include "tests/support/TempFolder.h"

namespace millpond::cli {
namespace {

using test::Fifo;
using test::noise;
using test::writeAudio;
using test::writeWav;

constexpr std::int32_t most = 0x7FFFFF00;

bool never() { return false; }

/// What an input came to.
struct Decoded {
  std::vector<std::int32_t> frames;
  SoundAccount account;

  std::string warning() const { return account.warnings.empty() ? "" : account.warnings.front(); }
};

Decoded hear(Input input) {
  Decoded heard;
  const auto source = input.open();
  std::array<std::int32_t, 4096> frames{};
  while (const std::size_t count = source->read(frames))
    heard.frames.insert(heard.frames.end(), frames.begin(), frames.begin() + count);
  heard.account = source->account();
  return heard;
}

Decoded hear(const std::filesystem::path& path) {
  return hear(Input::sound(path.string(), {}, false, &never));
}

std::string errorOf(const std::filesystem::path& path) {
  try {
    hear(path);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

// A tone of 500 Hz in every channel.
std::vector<std::int16_t> tone(int rate, int channels, double seconds) {
  std::vector<std::int16_t> samples;
  for (int i = 0; i < static_cast<int>(rate * seconds); ++i) {
    const double value = 16000 * std::sin(2 * std::numbers::pi * 500 * i / rate);
    samples.insert(samples.end(), static_cast<std::size_t>(channels), static_cast<std::int16_t>(value));
  }
  return samples;
}

void writeFloats(const std::filesystem::path& path, int rate, const std::vector<float>& values) {
  SF_INFO info{};
  info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
  info.samplerate = rate;
  info.channels = 1;
  const SoundFile file(sf_open(path.c_str(), SFM_WRITE, &info));
  sf_write_float(file.get(), values.data(), static_cast<sf_count_t>(values.size()));
}

void patch(const std::filesystem::path& path, std::streamoff at, const std::string& bytes) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(at);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

class InputTest : public ::testing::Test {
 protected:
  test::TempFolder folder_;
  std::filesystem::path file_ = folder_ / "in.wav";
};

TEST_F(InputTest, KeepsSixteenBitMonoOfSixteenKilohertzBitForBit) {
  const auto samples = noise(20000);
  writeWav(file_, samples);
  const Decoded heard = hear(file_);
  ASSERT_EQ(heard.frames.size(), samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) ASSERT_EQ(heard.frames[i], samples[i] * 65536);
  EXPECT_EQ(heard.warning(), "");
}

TEST_F(InputTest, BringsAnyRateAndChannelCountToSixteenKilohertzMono) {
  for (const auto& [rate, channels] : {std::pair{8000, 1}, {44100, 2}, {48000, 8}, {192000, 1}}) {
    writeWav(file_, tone(rate, channels, 0.5), rate, channels);
    const auto frames = hear(file_).frames;
    int crossings = 0;
    for (std::size_t i = 1; i < frames.size(); ++i)
      crossings += (frames[i - 1] < 0) != (frames[i] < 0) ? 1 : 0;
    EXPECT_NEAR(crossings, 500, 10) << rate << " Hz, " << channels << " channels";
    const auto loudest = *std::max_element(frames.begin(), frames.end());
    EXPECT_NEAR(loudest / 65536.0, 16000, 800) << rate << " Hz, " << channels << " channels";
  }
}

TEST_F(InputTest, LastsAsLongAsWhatWasRecordedAtAnyRate) {
  for (const auto& [rate, count, expected] : {std::tuple{44100, 44100, 16000},
                                              {22050, 22050, 16000},
                                              {11025, 5513, 8001},
                                              {88200, 8820, 1600},
                                              {8000, 4000, 8000},
                                              {48000, 4801, 1601},
                                              {44100, 1, 1}}) {
    writeWav(file_, noise(static_cast<std::size_t>(count)), rate);
    Input input = Input::sound(file_.string(), {}, false, &never);
    EXPECT_EQ(input.frames(), static_cast<std::uint64_t>(expected)) << rate;
    EXPECT_EQ(hear(std::move(input)).frames.size(), static_cast<std::size_t>(expected)) << rate;
  }
}

TEST_F(InputTest, AveragesChannels) {
  writeWav(file_, {1000, 3000, -200, 200}, 16000, 2);
  EXPECT_EQ(hear(file_).frames, (std::vector<std::int32_t>{2000 * 65536, 0}));
}

TEST_F(InputTest, MapsFloatsThatAreNoSoundToSomethingThatIsAndCountsThem) {
  writeFloats(file_, 16000, {NAN, INFINITY, -INFINITY, 2.0F, -2.0F, 1.0F, -1.0F});
  const Decoded heard = hear(file_);
  EXPECT_EQ(heard.frames, (std::vector<std::int32_t>{0, most, INT32_MIN, most, INT32_MIN, most, INT32_MIN}));
  EXPECT_EQ(heard.account.bad_samples, 3U);
  EXPECT_EQ(heard.account.clipped, 2U);
  ASSERT_EQ(heard.account.warnings.size(), 2U);
  EXPECT_NE(heard.account.warnings[0].find("not numbers"), std::string::npos);
  EXPECT_NE(heard.account.warnings[1].find("beyond full scale"), std::string::npos);
}

TEST_F(InputTest, OneBadSampleSpoilsNoOther) {
  std::vector<float> values(44100, 0.25F);
  writeFloats(file_, 44100, values);
  const Decoded clean = hear(file_);
  for (const float bad : {NAN, INFINITY, 1e38F}) {
    values[22050] = bad;
    writeFloats(file_, 44100, values);
    const Decoded heard = hear(file_);
    ASSERT_EQ(heard.frames.size(), clean.frames.size());
    const auto spoiled = std::ranges::count_if(
        heard.frames, [](std::int32_t frame) { return frame == 0 || frame == most || frame == INT32_MIN; });
    EXPECT_EQ(spoiled, 0) << bad;
    EXPECT_EQ(heard.account.bad_samples + heard.account.clipped, 1U) << bad;
    EXPECT_EQ(heard.account.warnings.size(), 1U) << bad;
  }
}

TEST_F(InputTest, SaysThatChannelsCancelEachOtherOut) {
  auto samples = tone(16000, 2, 0.1);
  writeWav(file_, samples, 16000, 2);
  EXPECT_EQ(hear(file_).warning(), "") << "in phase";
  for (std::size_t i = 1; i < samples.size(); i += 2) samples[i] = static_cast<std::int16_t>(-samples[i]);
  writeWav(file_, samples, 16000, 2);
  EXPECT_NE(hear(file_).warning().find("cancel each other out"), std::string::npos);
  for (std::size_t i = 1; i < samples.size(); i += 2) samples[i] = 0;
  writeWav(file_, samples, 16000, 2);
  EXPECT_EQ(hear(file_).warning(), "") << "one channel is silent";
  writeWav(file_, noise(8 * 16000), 16000, 8);
  EXPECT_EQ(hear(file_).warning(), "") << "channels that have nothing in common";
}

TEST_F(InputTest, UsesWhatIsThereOfATruncatedFileAndSaysSo) {
  const auto samples = noise(20000);
  for (const int format :
       {SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_WAV | SF_FORMAT_PCM_24, SF_FORMAT_WAV | SF_FORMAT_ULAW,
        SF_FORMAT_RF64 | SF_FORMAT_PCM_16, SF_FORMAT_AIFF | SF_FORMAT_PCM_16, SF_FORMAT_AU | SF_FORMAT_PCM_16,
        SF_FORMAT_FLAC | SF_FORMAT_PCM_16}) {
    writeAudio(file_, format, 16000, 1, samples);
    EXPECT_EQ(hear(file_).warning(), "") << std::hex << format;
    std::filesystem::resize_file(file_, std::filesystem::file_size(file_) / 2);
    const Fifo pipe(file_);
    for (const std::string& path : {file_.string(), pipe.path()}) {
      const Decoded heard = hear(path);
      EXPECT_LT(heard.frames.size(), samples.size()) << std::hex << format << " " << path;
      EXPECT_GT(heard.frames.size(), samples.size() / 4) << std::hex << format << " " << path;
      EXPECT_NE(heard.warning().find("ends before its header says"), std::string::npos)
          << std::hex << format << " " << path << ": " << heard.warning();
    }
  }
}

TEST_F(InputTest, AnOddSizeIsNoReasonForAWarning) {
  for (const auto& [format, count] :
       {std::pair{SF_FORMAT_PCM_24, 101}, {SF_FORMAT_ULAW, 9}, {SF_FORMAT_PCM_U8, 33}}) {
    writeAudio(file_, SF_FORMAT_WAV | format, 16000, 1, noise(static_cast<std::size_t>(count)));
    EXPECT_EQ(hear(file_).frames.size(), static_cast<std::size_t>(count));
    EXPECT_EQ(hear(file_).warning(), "");
    const Fifo pipe(file_);
    EXPECT_EQ(hear(pipe.path()).warning(), "") << "from a pipe";
  }
}

TEST_F(InputTest, AFlacThatDoesNotKnowItsLengthIsWhole) {
  writeAudio(file_, SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 16000, 1, noise(9000));
  patch(file_, 21, std::string(1, '\xF0') + std::string(4, '\0'));  // 16 bits; 0 samples, of 36 bits
  const Decoded heard = hear(file_);
  EXPECT_EQ(heard.frames.size(), 9000U);
  EXPECT_EQ(heard.warning(), "");
}

TEST_F(InputTest, UsesTheSoundBehindAHeaderThatWasNeverClosedAndSaysSo) {
  writeWav(file_, noise(5000));
  const std::string none(4, '\0');
  for (const std::string& riff_size : {none, std::string("\x24\0\0\0", 4)}) {
    patch(file_, 4, riff_size);
    patch(file_, 40, none);
    const Decoded heard = hear(file_);
    EXPECT_EQ(heard.frames.size(), 5000U);
    EXPECT_NE(heard.warning().find("says that it holds no samples"), std::string::npos) << heard.warning();
  }
  std::filesystem::resize_file(file_, 44);
  std::ofstream(file_, std::ios::app) << std::string("LIST\4\0\0\0INFO", 12);
  EXPECT_NE(errorOf(file_).find("holds no samples"), std::string::npos) << "metadata is not sound";
}

TEST_F(InputTest, AStreamedHeaderThatCannotKnowItsSizeIsTakenToTheEnd) {
  writeWav(file_, noise(5000));
  for (const std::string& size :
       {std::string(4, '\0'), std::string(4, '\xFF'), std::string("\x00\xF0\xFF\x7F", 4)}) {
    patch(file_, 40, size);
    const Fifo pipe(file_);
    const Decoded heard = hear(pipe.path());
    EXPECT_EQ(heard.frames.size(), 5000U);
    EXPECT_EQ(heard.warning(), "");
  }
}

TEST_F(InputTest, APipeGivesWhatTheFileWould) {
  const auto samples = tone(16000, 1, 0.5);
  for (const int format :
       {SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_WAV | SF_FORMAT_PCM_24, SF_FORMAT_WAV | SF_FORMAT_FLOAT,
        SF_FORMAT_WAV | SF_FORMAT_ALAW, SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG,
        SF_FORMAT_WAVEX | SF_FORMAT_PCM_16, SF_FORMAT_RF64 | SF_FORMAT_PCM_16,
        SF_FORMAT_AIFF | SF_FORMAT_PCM_16, SF_FORMAT_AU | SF_FORMAT_PCM_16, SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
        SF_FORMAT_OGG | SF_FORMAT_VORBIS}) {
    writeAudio(file_, format, 16000, 1, samples);
    const Fifo pipe(file_);
    const Decoded heard = hear(pipe.path());
    const Decoded file = hear(file_);
    EXPECT_EQ(heard.frames, file.frames) << std::hex << format;
    EXPECT_EQ(heard.account.clipped, file.account.clipped) << std::hex << format;
    EXPECT_EQ(heard.frames.size(), samples.size()) << std::hex << format;
  }
}

TEST_F(InputTest, TheSoundOfAnAiffMayBeginBehindItsHeader) {
  writeAudio(file_, SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 16000, 1, noise(1000));
  std::stringstream bytes;
  bytes << std::ifstream(file_, std::ios::binary).rdbuf();
  patch(file_, bytes.str().find("SSND") + 8, std::string("\0\0\0\x08", 4));
  const Fifo pipe(file_);
  const Decoded heard = hear(pipe.path());
  EXPECT_EQ(heard.frames.size(), 996U);
  EXPECT_EQ(heard.frames, hear(file_).frames);
}

TEST_F(InputTest, WhatIsBehindTheSoundOfAPipeIsNoSound) {
  writeWav(file_, noise(500));
  std::ofstream(file_, std::ios::app) << std::string("LIST\4\0\0\0INFO", 12);
  const Fifo pipe(file_);
  EXPECT_EQ(hear(pipe.path()).frames.size(), 500U);
}

TEST_F(InputTest, RefusesFromAPipeWhatCanOnlyBeReadFromAFile) {
  writeAudio(file_, SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, 16000, 1, noise(5000));
  EXPECT_EQ(errorOf(file_), "");
  const Fifo pipe(file_);
  EXPECT_NE(errorOf(pipe.path()).find("from a file and not from a pipe"), std::string::npos);
}

TEST_F(InputTest, TakesPcmWithoutAHeader) {
  const auto samples = noise(3000);
  std::ofstream(file_, std::ios::binary)
      .write(reinterpret_cast<const char*>(samples.data()), static_cast<std::streamsize>(samples.size() * 2));
  const auto hearRaw = [&](const std::string& path, const PcmFormat& pcm) {
    return hear(Input::sound(path, pcm, false, &never));
  };
  const Decoded mono = hearRaw(file_.string(), {});
  ASSERT_EQ(mono.frames.size(), samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) ASSERT_EQ(mono.frames[i], samples[i] * 65536);
  EXPECT_EQ(hearRaw(file_.string(), {.channels = 2}).frames.size(), 1500U);
  EXPECT_EQ(hearRaw(file_.string(), {.rate = 8000}).frames.size(), 6000U);
  EXPECT_EQ(hearRaw(file_.string(), {.encoding = "s24le"}).frames.size(), 2000U);
  EXPECT_EQ(hearRaw(file_.string(), {.encoding = "s32le"}).frames.size(), 1500U);
  EXPECT_EQ(hearRaw(file_.string(), {.encoding = "f32le"}).frames.size(), 1500U);
  const Fifo pipe(file_, 5999);
  const Decoded part = hearRaw(pipe.path(), {});
  EXPECT_EQ(part.frames.size(), 2999U);
  EXPECT_NE(part.warning().find("within a frame; its last 1 bytes"), std::string::npos) << part.warning();
}

TEST_F(InputTest, BeginsAnewWhereItLoops) {
  const auto samples = noise(3000);
  writeWav(file_, samples);
  Input input = Input::sound(file_.string(), {}, true, &never);
  EXPECT_EQ(input.frames(), std::nullopt);
  const auto source = input.open();
  std::vector<std::int32_t> frames(10000);
  ASSERT_EQ(source->read(frames), frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) ASSERT_EQ(frames[i], samples[i % 3000] * 65536);
}

TEST_F(InputTest, AStopEndsAReadThatWaitsForAPipe) {
  writeWav(file_, noise(100));
  const int pipe = [&] {
    int ends[2];
    if (::pipe(ends) != 0) return -1;
    const auto samples = noise(100);
    if (::write(ends[1], samples.data(), 200) != 200) return -1;
    return ends[0];
  }();
  Input input =
      Input::sound("/proc/self/fd/" + std::to_string(pipe), PcmFormat{}, false, [] { return true; });
  const auto source = input.open();
  std::array<std::int32_t, 4096> frames{};
  std::thread stopping([&] { source->stop(); });
  EXPECT_EQ(source->read(frames), 0U);
  stopping.join();
}

TEST_F(InputTest, CanBeGivenUpBeforeThereIsAnySound) {
  const Fifo silent;
  Input input = Input::sound(silent.path(), {}, false, [] { return true; });
  EXPECT_TRUE(hear(std::move(input)).frames.empty());
}

TEST_F(InputTest, AnEndlessToneHasNoEnd) {
  Input input = Input::tone({});
  EXPECT_EQ(input.frames(), std::nullopt);
  std::vector<std::int32_t> frames(100000);
  EXPECT_EQ(input.open()->read(frames), frames.size());
}

TEST_F(InputTest, SaysWhatIsWrongWithAFileThatIsNone) {
  EXPECT_NE(errorOf(folder_ / "missing.wav").find("No such file"), std::string::npos);
  EXPECT_NE(errorOf(folder_.path()).find("is a folder"), std::string::npos);
  std::ofstream(folder_ / "empty.wav").flush();
  EXPECT_NE(errorOf(folder_ / "empty.wav").find("is empty"), std::string::npos);
  std::ofstream(folder_ / "text.wav") << "this is not audio at all, however long it may go on";
  EXPECT_NE(errorOf(folder_ / "text.wav").find("is not readable audio"), std::string::npos);
  const Fifo text(folder_ / "text.wav");
  EXPECT_NE(errorOf(text.path()).find("is not readable audio"), std::string::npos);
  writeWav(folder_ / "silent.wav", {});
  EXPECT_NE(errorOf(folder_ / "silent.wav").find("holds no samples"), std::string::npos);
  writeWav(folder_ / "half.wav", noise(100));
  const Fifo half(folder_ / "half.wav", 20);
  EXPECT_NE(errorOf(half.path()).find("ends within its header"), std::string::npos);
  std::filesystem::resize_file(folder_ / "half.wav", 20);
  EXPECT_NE(errorOf(folder_ / "half.wav"), "");
  writeWav(folder_ / "slow.wav", noise(100), 10);
  EXPECT_NE(errorOf(folder_ / "slow.wav").find("63 to 4096000"), std::string::npos);
}

}  // namespace
}  // namespace millpond::cli
