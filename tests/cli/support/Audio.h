// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <sndfile.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace millpond::test {

/// Samples that are all over the range and never the same for long.
std::vector<std::int16_t> noise(std::size_t count, std::uint32_t seed = 1);

/// Effect: writes interleaved 16-bit samples as a file of libsndfile's `format`.
void writeAudio(const std::filesystem::path& path, int format, int rate, int channels,
                const std::vector<std::int16_t>& samples);

inline void writeWav(const std::filesystem::path& path, const std::vector<std::int16_t>& samples,
                     int rate = 16000, int channels = 1) {
  writeAudio(path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, rate, channels, samples);
}

/// Returns: all samples of a file, interleaved; none where it cannot be read.
std::vector<std::int16_t> readAudio(const std::filesystem::path& path);

/// Returns: the files of a folder with this extension, by name.
std::vector<std::filesystem::path> filesIn(const std::filesystem::path& folder, const std::string& extension);

/// Returns: the samples of the only .wav file in `folder`; none where there is not exactly one.
std::vector<std::int16_t> readOnlyWav(const std::filesystem::path& folder);

}  // namespace millpond::test
