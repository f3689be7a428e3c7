// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/RecordingFile.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <tuple>

#include "cli/SoundFile.h"

namespace millpond::cli {

namespace {

std::optional<RecordingFile> open(const std::filesystem::path& path, std::uint64_t stream_id) {
  const std::string name = path.filename().string();
  const std::string prefix = fmt::format("stream-{:016x}-", stream_id);
  if (!name.starts_with(prefix)) return std::nullopt;
  RecordingFile file{.path = path};
  const auto [rest, error] =
      std::from_chars(name.data() + prefix.size(), name.data() + name.size(), file.first);
  const std::string_view extension(rest, static_cast<std::size_t>(name.data() + name.size() - rest));
  if (error != std::errc{} || (extension != ".wav" && extension != ".flac")) return std::nullopt;
  SF_INFO info{};
  const SoundFile sound(sf_open(path.c_str(), SFM_READ, &info));
  if (sound == nullptr || info.channels != 1) return std::nullopt;
  file.frames = static_cast<std::uint64_t>(info.frames);
  file.rate = static_cast<std::uint32_t>(info.samplerate);
  file.flac = extension == ".flac";
  return file;
}

}  // namespace

std::string RecordingFile::name(std::uint64_t stream_id, std::uint64_t first, bool flac) {
  return fmt::format("stream-{:016x}-{}.{}", stream_id, first, flac ? "flac" : "wav");
}

std::vector<RecordingFile> RecordingFile::find(const std::filesystem::path& folder, std::uint64_t stream_id) {
  std::vector<RecordingFile> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (auto file = open(entry.path(), stream_id)) files.push_back(std::move(*file));
  }
  const auto order = [](const RecordingFile& file) { return std::tuple(file.first, file.end(), file.flac); };
  std::sort(files.begin(), files.end(), [&](const auto& a, const auto& b) { return order(a) < order(b); });
  return files;
}

}  // namespace millpond::cli
