// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>

#include "cli/AudioDecoder.h"
#include "cli/Error.h"
#include "cli/SoundFile.h"
#include "support/Audio.h"
#include "support/TempFolder.h"

namespace millpond::cli {
namespace {

using test::noise;
using test::TempFolder;
using test::writeAudio;
using test::writeWav;

std::string errorOf(const std::filesystem::path& path) {
  try {
    decodeAudio(path.string());
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

TEST(AudioDecoder, KeepsSixteenBitMonoOfSixteenKilohertzBitForBit) {
  const TempFolder folder;
  const auto samples = noise(20000);
  writeWav(folder / "in.wav", samples);
  const DecodedAudio audio = decodeAudio((folder / "in.wav").string());
  ASSERT_EQ(audio.frames.size(), samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) ASSERT_EQ(audio.frames[i], samples[i] * 65536);
  EXPECT_EQ(audio.warning, "");
}

TEST(AudioDecoder, BringsAnyRateAndChannelCountToSixteenKilohertzMono) {
  const TempFolder folder;
  for (const auto& [rate, channels] :
       {std::pair{8000, 1}, {11025, 2}, {44100, 2}, {48000, 1}, {48000, 8}, {192000, 1}, {192000, 8}}) {
    const auto path = folder / "in.wav";
    writeWav(path, tone(rate, channels, 0.5), rate, channels);
    const auto frames = decodeAudio(path.string()).frames;
    EXPECT_NEAR(static_cast<double>(frames.size()), 8000, 2) << rate << " Hz, " << channels << " channels";
    int crossings = 0;
    for (std::size_t i = 1; i < frames.size(); ++i)
      crossings += (frames[i - 1] < 0) != (frames[i] < 0) ? 1 : 0;
    EXPECT_NEAR(crossings, 500, 10) << rate << " Hz, " << channels << " channels";
    const auto loudest = *std::max_element(frames.begin(), frames.end());
    EXPECT_NEAR(loudest / 65536.0, 16000, 800) << rate << " Hz, " << channels << " channels";
  }
}

TEST(AudioDecoder, ReadsFlacAndOgg) {
  const TempFolder folder;
  const auto samples = tone(16000, 1, 0.5);
  writeAudio(folder / "in.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 16000, 1, samples);
  writeAudio(folder / "in.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 16000, 1, samples);
  EXPECT_EQ(decodeAudio((folder / "in.flac").string()).frames.size(), samples.size());
  EXPECT_EQ(decodeAudio((folder / "in.ogg").string()).frames.size(), samples.size());
}

TEST(AudioDecoder, AveragesChannels) {
  const TempFolder folder;
  writeWav(folder / "in.wav", {1000, 3000, -200, 200}, 16000, 2);
  const auto frames = decodeAudio((folder / "in.wav").string()).frames;
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0], 2000 * 65536);
  EXPECT_EQ(frames[1], 0);
}

TEST(AudioDecoder, MapsFloatsThatAreNoSoundToSomethingThatIs) {
  const TempFolder folder;
  SF_INFO info{};
  info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
  info.samplerate = 16000;
  info.channels = 1;
  {
    const SoundFile file(sf_open((folder / "in.wav").c_str(), SFM_WRITE, &info));
    const float values[] = {NAN, INFINITY, -INFINITY, 2.0F, -2.0F};
    sf_write_float(file.get(), values, 5);
  }
  constexpr std::int32_t most = 0x7FFFFF00;
  EXPECT_EQ(decodeAudio((folder / "in.wav").string()).frames,
            (std::vector<std::int32_t>{0, most, INT32_MIN, most, INT32_MIN}));
}

TEST(AudioDecoder, UsesWhatIsThereOfATruncatedFileAndSaysSo) {
  const TempFolder folder;
  writeWav(folder / "in.wav", noise(10000));
  std::filesystem::resize_file(folder / "in.wav", 44 + 6000);
  const DecodedAudio audio = decodeAudio((folder / "in.wav").string());
  EXPECT_EQ(audio.frames.size(), 3000U);
  EXPECT_NE(audio.warning.find("ends before its header says"), std::string::npos) << audio.warning;
}

TEST(AudioDecoder, UsesWhatIsThereOfATruncatedFlacAndSaysSo) {
  const TempFolder folder;
  writeAudio(folder / "in.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 16000, 1, noise(50000));
  std::filesystem::resize_file(folder / "in.flac", std::filesystem::file_size(folder / "in.flac") / 2);
  const DecodedAudio audio = decodeAudio((folder / "in.flac").string());
  EXPECT_GT(audio.frames.size(), 0U);
  EXPECT_LT(audio.frames.size(), 50000U);
  EXPECT_NE(audio.warning, "");
}

TEST(AudioDecoder, SaysWhatIsWrongWithAFileThatIsNone) {
  const TempFolder folder;
  EXPECT_NE(errorOf(folder / "missing.wav").find("No such file"), std::string::npos);
  EXPECT_NE(errorOf(folder.path()).find("is a folder"), std::string::npos);
  std::ofstream(folder / "empty.wav").flush();
  EXPECT_NE(errorOf(folder / "empty.wav").find("is empty"), std::string::npos);
  std::ofstream(folder / "text.wav") << "this is no audio at all, however long it may go on";
  EXPECT_NE(errorOf(folder / "text.wav").find("is no audio"), std::string::npos);
  writeWav(folder / "silent.wav", {});
  EXPECT_NE(errorOf(folder / "silent.wav").find("holds no samples"), std::string::npos);
  writeWav(folder / "half.wav", noise(100));
  std::filesystem::resize_file(folder / "half.wav", 20);
  EXPECT_NE(errorOf(folder / "half.wav"), "");
  writeWav(folder / "slow.wav", noise(100), 10);
  EXPECT_NE(errorOf(folder / "slow.wav").find("63 to 4096000"), std::string::npos);
}

}  // namespace
}  // namespace millpond::cli
