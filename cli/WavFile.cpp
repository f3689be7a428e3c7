// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/WavFile.h"

#include <fmt/format.h>

#include "cli/Error.h"

namespace millpond::cli {

namespace {

// Of the header that libsndfile writes for plain PCM.
constexpr std::uintmax_t header_bytes = 44;

// A process that was killed between writing samples and updating the header leaves samples that the header
// does not count. Nobody was told that they are on file, so they go, lest they be taken for something else.
void cutToHeader(const std::filesystem::path& path, sf_count_t frames) {
  const std::uintmax_t bytes = header_bytes + static_cast<std::uintmax_t>(frames) * sizeof(std::int16_t);
  std::error_code error;
  if (std::filesystem::file_size(path, error) > bytes && !error)
    std::filesystem::resize_file(path, bytes, error);
  if (error) throw Error(fmt::format("cannot append to '{}': {}", path.string(), error.message()));
}

}  // namespace

WavFile::WavFile(SoundFile file, std::filesystem::path path, std::uint64_t frames)
    : file_(std::move(file)), path_(std::move(path)), frames_(frames) {
  if (file_ == nullptr) {
    throw Error(fmt::format("cannot write '{}': {}", path_.string(), sf_strerror(nullptr)));
  }
}

WavFile WavFile::create(const std::filesystem::path& path, std::uint32_t rate) {
  SF_INFO info{};
  info.samplerate = static_cast<int>(rate);
  info.channels = 1;
  info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
  WavFile file(SoundFile(sf_open(path.c_str(), SFM_WRITE, &info)), path, 0);
  sf_command(file.file_.get(), SFC_UPDATE_HEADER_NOW, nullptr, 0);
  return file;
}

WavFile WavFile::resume(const std::filesystem::path& path) {
  SF_INFO info{};
  if (SoundFile(sf_open(path.c_str(), SFM_READ, &info)) == nullptr) {
    throw Error(fmt::format("cannot append to '{}': {}", path.string(), sf_strerror(nullptr)));
  }
  cutToHeader(path, info.frames);
  info = {};
  WavFile file(SoundFile(sf_open(path.c_str(), SFM_RDWR, &info)), path,
               static_cast<std::uint64_t>(info.frames));
  sf_seek(file.file_.get(), 0, SEEK_END | SFM_WRITE);
  return file;
}

void WavFile::append(std::span<const std::int16_t> samples) {
  const auto count = static_cast<sf_count_t>(samples.size());
  if (sf_writef_short(file_.get(), samples.data(), count) != count) {
    throw Error(fmt::format("cannot write '{}': {}", path_.string(), sf_strerror(file_.get())));
  }
  sf_command(file_.get(), SFC_UPDATE_HEADER_NOW, nullptr, 0);
  frames_ += samples.size();
}

}  // namespace millpond::cli
