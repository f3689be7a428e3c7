// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cli/audio/FrameMaker.h"
#include "cli/audio/InputSource.h"
#include "cli/audio/SoundReader.h"
#include "streamer/backlog/StopFlag.h"

namespace millpond::cli {

/// Sound that its own thread reads, decodes and resamples, about a second ahead of the device. So a read
/// allocates nothing, whatever the decoder does, and a stop ends a read, whatever the decoder waits for.
class DecodingSource : public InputSource {
 public:
  /// Opens a sound, every wait of which ends soon after the stop flag is raised. Throws `Error`.
  using Track = std::function<std::unique_ptr<SoundReader>(const streamer::StopFlag& stop)>;

  /// Effect: starts to read the tracks one after the other, with `loop` endlessly. Requires: at least one
  /// track.
  DecodingSource(std::string name, std::vector<Track> tracks, bool loop);
  DecodingSource(const DecodingSource&) = delete;
  DecodingSource& operator=(const DecodingSource&) = delete;
  ~DecodingSource() override;

  /// Effect: waits until there is sound. Ends the source if `given_up` returns true. Throws what the reader
  /// of the first track threw, and `Error` if there is no sound at all.
  void awaitSound(const std::function<bool()>& given_up);

  std::size_t read(std::span<std::int32_t> frames) override;
  void stop() override;
  SoundAccount account() const override;

 private:
  void run();
  void play(SoundReader& reader);
  void put(std::span<const std::int32_t> frames);

  const std::string name_;
  const std::vector<Track> tracks_;
  const bool loop_;
  streamer::StopFlag stop_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::int32_t> ring_;
  std::size_t first_ = 0;
  std::size_t held_ = 0;
  std::uint64_t put_ = 0;
  bool ended_ = false;
  FrameMaker::Sums sums_;
  std::vector<std::string> warnings_;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace millpond::cli
