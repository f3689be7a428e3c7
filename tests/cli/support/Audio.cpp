// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "tests/cli/support/Audio.h"

#include <algorithm>
#include <random>

#include "cli/audio/SoundFile.h"

namespace millpond::test {

std::vector<std::int16_t> noise(std::size_t count, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<std::int16_t> samples(count);
  for (auto& sample : samples) sample = static_cast<std::int16_t>(random());
  return samples;
}

void writeAudio(const std::filesystem::path& path, int format, int rate, int channels,
                const std::vector<std::int16_t>& samples) {
  SF_INFO info{};
  info.format = format;
  info.samplerate = rate;
  info.channels = channels;
  const cli::SoundFile file(sf_open(path.c_str(), SFM_WRITE, &info));
  sf_write_short(file.get(), samples.data(), static_cast<sf_count_t>(samples.size()));
}

std::vector<std::int16_t> readAudio(const std::filesystem::path& path) {
  SF_INFO info{};
  const cli::SoundFile file(sf_open(path.c_str(), SFM_READ, &info));
  if (file == nullptr) return {};
  std::vector<std::int16_t> samples(static_cast<std::size_t>(info.frames * info.channels));
  const sf_count_t read = sf_read_short(file.get(), samples.data(), static_cast<sf_count_t>(samples.size()));
  samples.resize(static_cast<std::size_t>(read));
  return samples;
}

std::vector<std::filesystem::path> filesIn(const std::filesystem::path& folder,
                                           const std::string& extension) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::int16_t> readOnlyWav(const std::filesystem::path& folder) {
  const auto files = filesIn(folder, ".wav");
  return files.size() == 1 ? readAudio(files[0]) : std::vector<std::int16_t>{};
}

}  // namespace millpond::test
