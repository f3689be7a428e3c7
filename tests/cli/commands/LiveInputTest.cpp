// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "tests/cli/support/Audio.h"
#include "tests/cli/support/Command.h"
#include "tests/support/TempFolder.h"

namespace millpond::test {
namespace {

using Arguments = std::vector<std::string>;

class LiveInputTest : public ::testing::Test {
 protected:
  std::vector<std::string> run(const Arguments& more) const {
    Arguments arguments{"run", "--json", "--out", out().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return millpond(arguments);
  }
  std::filesystem::path out() const { return folder_ / "out"; }
  std::size_t recorded() const { return readOnlyWav(out()).size(); }

  /// What a program came to that was told to end.
  static nlohmann::json ended(Process& process, int signal) {
    process.signal(signal);
    const Finished finished = process.wait();
    EXPECT_EQ(finished.status, 0) << finished.err;
    const nlohmann::json json = parse(finished.out);
    EXPECT_EQ(json["identical"], true);
    EXPECT_EQ(json["dropped"], 0);
    EXPECT_EQ(json["samples_out"], json["samples_in"]);
    return json;
  }

  TempFolder folder_;
};

std::size_t mostResidentKilobytes(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6));
  }
  return 0;
}

const Arguments raw{"--input", "-", "--input-format", "s16le", "--rate", "16000", "--channels", "1"};

TEST_F(LiveInputTest, FiveMinutesOnStandardInputTakeNoMoreMemoryThanOne) {
  Arguments arguments = raw;
  arguments.insert(arguments.end(), {"--speed", "max"});
  Process device(run(arguments), true);
  std::vector<std::int16_t> all;
  for (std::uint32_t minute = 0; minute < 5; ++minute) {
    const auto samples = noise(std::size_t{60} * 16000, minute);
    ASSERT_TRUE(device.feed(std::as_bytes(std::span(samples))));
    all.insert(all.end(), samples.begin(), samples.end());
  }
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(mostResidentKilobytes(device.id()), 16000U);
#endif
  device.endInput();
  const Finished finished = device.wait();
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(parse(finished.out)["identical"], true);
  EXPECT_EQ(readOnlyWav(out()), all);
}

// Nothing comes after it, and the input has not ended.
TEST_F(LiveInputTest, AChunkLeavesSoonAfterItsLastSample) {
  Process device(run(raw), true);
  const auto samples = noise(9600 + 4096);
  ASSERT_TRUE(device.feed(std::as_bytes(std::span(samples))));
  EXPECT_TRUE(eventually([&] { return recorded() >= 9600; }));
  ended(device, SIGTERM);
}

TEST_F(LiveInputTest, IsWavFlacOrOggAsWell) {
  const auto samples = noise(40000);
  for (const int format : {SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
                           SF_FORMAT_OGG | SF_FORMAT_VORBIS}) {
    writeAudio(folder_ / "in", format, 16000, 1, samples);
    std::ifstream file(folder_ / "in", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    Process device(run({"--input", "-"}), true);
    ASSERT_TRUE(device.feed(std::as_bytes(std::span(bytes))));
    device.endInput();
    const Finished finished = device.wait();
    EXPECT_EQ(finished.status, 0) << finished.err;
    const nlohmann::json json = parse(finished.out);
    EXPECT_EQ(json["samples_in"], samples.size());
    EXPECT_EQ(json["identical"], true);
    std::filesystem::remove_all(out());
  }
}

TEST_F(LiveInputTest, EndsInGoodOrderWhileTheInputIsSilent) {
  const TempFolder folder;
  writeWav(folder / "in.wav", {});
  std::ifstream file(folder / "in.wav", std::ios::binary);
  const std::string header{std::istreambuf_iterator<char>(file), {}};
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{20}, header.size()}) {
    Process device(run({"--input", "-"}), true);
    ASSERT_TRUE(device.feed(std::as_bytes(std::span(header)).first(bytes)));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));  // until it waits
    EXPECT_EQ(ended(device, SIGINT)["samples_in"], 0);
  }
}

TEST_F(LiveInputTest, EndsInGoodOrderWhileSoundComes) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    Process device(run({"--tone", "endless"}), true);
    ASSERT_TRUE(eventually([&] { return recorded() > 0; }));
    device.signal(number);  // as a terminal and a supervisor may, both at once
    EXPECT_GT(ended(device, number)["samples_in"], 9600);
    std::filesystem::remove_all(out());
  }
}

TEST_F(LiveInputTest, BeginsAnewUntilInterrupted) {
  const auto samples = noise(5000);
  writeWav(folder_ / "in.wav", samples);
  Process device(run({"--input", (folder_ / "in.wav").string(), "--loop", "--speed", "max"}), true);
  ASSERT_TRUE(eventually([&] { return recorded() > 20000; }));
  ended(device, SIGINT);
  const auto heard = readOnlyWav(out());
  for (std::size_t i = 0; i < heard.size(); ++i) ASSERT_EQ(heard[i], samples[i % samples.size()]) << i;
}

TEST_F(LiveInputTest, TellsWhatBecameOfTheSound) {
  const float values[] = {0.5F, NAN, INFINITY, 3.0F, -0.5F};
  Process device(run({"--input", "-", "--input-format", "f32le"}), true);
  ASSERT_TRUE(device.feed(std::as_bytes(std::span(values))));
  device.endInput();
  const Finished finished = device.wait();
  const nlohmann::json json = parse(finished.out);
  EXPECT_EQ(json["bad_samples"], 2);
  EXPECT_EQ(json["clipped"], 1);
  EXPECT_EQ(json["warnings"].size(), 2U);
  EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 2) << finished.err;
}

/// ALSA's devices of a configuration of our own: "file" plays a file, "null" is silence without end.
class AlsaInputTest : public LiveInputTest {
 protected:
  AlsaInputTest() {
    std::ofstream(folder_ / "asound.conf") << "pcm.null { type null }\npcm.file { type file slave.pcm "
                                              "\"null\" file /dev/null format raw infile \""
                                           << (folder_ / "in.raw").string() << "\" }\n";
    setenv("ALSA_CONFIG_PATH", (folder_ / "asound.conf").c_str(), 1);
  }
  ~AlsaInputTest() override { unsetenv("ALSA_CONFIG_PATH"); }
};

TEST_F(AlsaInputTest, ACaptureDeviceIsStreamedSampleForSample) {
  const auto samples = noise(100000);
  std::ofstream(folder_ / "in.raw", std::ios::binary)
      .write(reinterpret_cast<const char*>(samples.data()), static_cast<std::streamsize>(samples.size() * 2));
  Process device(run({"--input", "alsa:file", "--speed", "max"}));
  // What the plugin gives behind the end of its file is nobody's sound.
  ASSERT_TRUE(eventually([&] { return recorded() > samples.size(); }));
  ended(device, SIGINT);
  auto heard = readOnlyWav(out());
  heard.resize(samples.size());
  EXPECT_EQ(heard, samples);
}

TEST_F(AlsaInputTest, ADeviceThatCannotIsRefusedInOneLine) {
  const auto refusal = [&](const Arguments& more) {
    const Finished finished = runToEnd(run(more));
    EXPECT_EQ(finished.status, 1);
    EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
    return finished.err;
  };
  EXPECT_NE(refusal({"--input", "alsa:nothing"}).find("cannot open ALSA device 'nothing'"),
            std::string::npos);
  EXPECT_NE(refusal({"--input", "alsa:file"}).find("cannot open ALSA device 'file'"), std::string::npos);
}

}  // namespace
}  // namespace millpond::test
