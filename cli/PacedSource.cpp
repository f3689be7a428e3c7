// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/PacedSource.h"

#include "streamer/AudioFormat.h"

namespace millpond::cli {

std::size_t PacedSource::read(std::span<std::int32_t> frames) {
  if (frames_ == 0) start_ = Clock::now();
  const std::size_t count = source_.read(frames);
  frames_ += count;
  std::unique_lock lock(mutex_);
  if (speed_ > 0) {
    const std::chrono::duration<double> heard(static_cast<double>(frames_) /
                                              (streamer::sample_rate * speed_));
    const auto due = start_ + std::chrono::duration_cast<Clock::duration>(heard);
    wake_.wait_until(lock, due, [this] { return stopped_; });
  }
  return stopped_ ? 0 : count;
}

void PacedSource::stop() {
  source_.stop();
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  wake_.notify_all();
}

}  // namespace millpond::cli
