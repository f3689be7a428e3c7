// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "cli/audio/SampleDigest.h"
#include "streamer/capture/AudioSource.h"
#include "streamer/capture/Pcm.h"

namespace millpond::cli {

/// Wraps a source and keeps a digest of the samples that the device makes of it.
class DigestingSource : public streamer::AudioSource {
 public:
  explicit DigestingSource(streamer::AudioSource& source) : source_(source) {}

  std::size_t read(std::span<std::int32_t> frames) override {
    const std::size_t count = source_.read(frames);
    for (const std::int32_t frame : frames.first(count)) digest_.add(streamer::toPcm16(frame));
    return count;
  }
  void stop() override { source_.stop(); }

  /// Requires: no read is in progress.
  const SampleDigest& digest() const { return digest_; }

 private:
  streamer::AudioSource& source_;
  SampleDigest digest_;
};

}  // namespace millpond::cli
