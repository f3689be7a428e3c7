// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "cli/FileSource.h"
#include "streamer/AudioSource.h"

namespace millpond::cli {

/// What is to be streamed: a recording or a tone. It gives the same each time it is opened.
class Input {
 public:
  /// Throw `Error` where there is nothing to be streamed.
  static Input file(const std::string& path);
  /// The speech that alsa-utils installs, one recording after the other.
  static Input speech();
  static Input tone(double seconds);

  const std::string& name() const { return name_; }
  /// What is worth a warning; empty where nothing is.
  const std::string& warning() const { return warning_; }
  std::uint64_t frames() const { return frames_; }
  double seconds() const;
  std::unique_ptr<streamer::AudioSource> open() const;

 private:
  std::string name_;
  std::string warning_;
  std::uint64_t frames_ = 0;
  FileSource::Frames recording_;  // nullptr for a tone
};

}  // namespace millpond::cli
