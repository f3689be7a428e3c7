// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "cli/receiver/Recording.h"
#include "cli/show/Error.h"
#include "tests/cli/support/Audio.h"

namespace millpond::test {

/// A device and its receiver's files without the wire between them: the device sends a chunk until it is
/// acknowledged, and remembers what was.
class RecordingDrill {
 public:
  static constexpr std::uint64_t stream_id = 0xD1;
  static constexpr std::uint32_t rate = 1000;
  static constexpr cli::Recording::Limits limits{.max_fill_seconds = 1, .max_file_seconds = 2};

  explicit RecordingDrill(std::filesystem::path path,
                          cli::WavFile::Durable durable = cli::WavFile::Durable::no)
      : path_(std::move(path)), durable_(durable) {}

  static std::int16_t sampleAt(std::uint64_t index) {
    return static_cast<std::int16_t>(index * 7919 % 32749 + 1);
  }

  /// Effect: a new receiver takes the place of the one there was.
  void restart() {
    recording_.reset();
    folder_.reset();
    account_ = {};
    account_.stream_id = stream_id;
  }

  /// Effect: sends a chunk, up to `tries` times. Returns: whether it was acknowledged.
  bool send(std::uint64_t first, std::size_t samples, int tries = 3) {
    for (int i = 0; i < tries; ++i) {
      const bool acknowledged = trySend(first, samples);
      expectAccountHolds();
      if (!acknowledged) continue;
      acknowledged_.push_back({first, samples});
      return true;
    }
    return false;
  }

  const cli::StreamAccount& account() const { return account_; }

  /// Acknowledged is on file, once. Requires: files can be read.
  void expectOnFileOnce() {
    recording_.reset();
    std::vector<int> found(end(), 0);
    std::uint64_t before = 0;
    for (const cli::RecordingFile& file : cli::RecordingFolder(path_).files(stream_id)) {
      EXPECT_GE(file.name.first, before) << file.path << " begins before another ends";
      before = file.end();
      const std::vector<std::int16_t> samples = readAudio(file.path);
      for (std::uint64_t i = 0; i < samples.size() && file.name.first + i < found.size(); ++i) {
        if (samples[i] == sampleAt(file.name.first + i)) ++found[file.name.first + i];
      }
    }
    for (const auto& [first, samples] : acknowledged_) {
      const auto part = std::span(found).subspan(first, samples);
      const auto lost = std::ranges::find_if(part, [](int times) { return times != 1; });
      if (lost == part.end()) continue;
      ADD_FAILURE() << "sample " << first + static_cast<std::uint64_t>(lost - part.begin())
                    << " was acknowledged and is on file " << *lost << " times";
    }
  }

 private:
  bool trySend(std::uint64_t first, std::size_t count) {
    std::vector<std::int16_t> samples(count);
    for (std::size_t i = 0; i < count; ++i) samples[i] = sampleAt(first + i);
    try {
      if (!folder_) folder_.emplace(path_, durable_);
      if (!recording_) recording_.emplace(*folder_, rate, limits, account_);
      recording_->append(first, samples);
      return true;
    } catch (const cli::Error&) {
      recording_.reset();
      return false;
    }
  }
  void expectAccountHolds() const {
    EXPECT_EQ(account_.written + account_.silence, account_.next - account_.resumed_at);
  }
  std::uint64_t end() const {
    std::uint64_t end = 0;
    for (const auto& [first, samples] : acknowledged_) end = std::max(end, first + samples);
    return end;
  }

  std::filesystem::path path_;
  cli::WavFile::Durable durable_;
  std::optional<cli::RecordingFolder> folder_;
  std::optional<cli::Recording> recording_;
  cli::StreamAccount account_{.stream_id = stream_id};
  std::vector<streamer::SampleRange> acknowledged_;
};

}  // namespace millpond::test
