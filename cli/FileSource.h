// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "streamer/AudioSource.h"

namespace millpond::cli {

/// A decoded recording as a source. Reading it allocates nothing.
class FileSource : public streamer::AudioSource {
 public:
  using Frames = std::shared_ptr<const std::vector<std::int32_t>>;

  explicit FileSource(Frames frames) : frames_(std::move(frames)) {}
  std::size_t read(std::span<std::int32_t> frames) override;

 private:
  Frames frames_;
  std::size_t next_ = 0;
};

}  // namespace millpond::cli
