// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace millpond::streamer {

/// Where sound comes from: a microphone or its replacement.
///
/// A frame is what an INMP441 gives over I2S: one 24-bit sample, left-justified in a 32-bit word.
class AudioSource {
 public:
  AudioSource() = default;
  AudioSource(const AudioSource&) = delete;
  AudioSource& operator=(const AudioSource&) = delete;
  virtual ~AudioSource() = default;

  /// Effect: waits for the next frames and stores them at the front of `frames`; allocates nothing. Returns:
  /// how many; 0 at the end, or after `stop`. Context: the capture task.
  virtual std::size_t read(std::span<std::int32_t> frames) = 0;

  /// Effect: a waiting read returns soon, and every later read returns 0. Context: any task.
  virtual void stop() {}
};

}  // namespace millpond::streamer
