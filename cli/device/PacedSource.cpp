// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/device/PacedSource.h"

#include "streamer/wire/AudioFormat.h"

namespace millpond::cli {

std::size_t PacedSource::read(std::span<std::int32_t> frames) {
  if (frames_ == 0) start_ = Clock::now();
  const std::size_t count = source_.read(frames);
  frames_ += count;
  std::unique_lock lock(mutex_);
  if (speed_ > 0) {
    const auto longest_lag = timeOf(streamer::sample_rate / 2);
    const auto lag = Clock::now() - (start_ + timeOf(frames_));
    if (lag > longest_lag) start_ += lag - longest_lag;
    wake_.wait_until(lock, start_ + timeOf(frames_), [this] { return stopped_; });
  }
  return stopped_ ? 0 : count;
}

PacedSource::Clock::duration PacedSource::timeOf(std::uint64_t frames) const {
  const std::chrono::duration<double> heard(static_cast<double>(frames) / (streamer::sample_rate * speed_));
  return std::chrono::duration_cast<Clock::duration>(heard);
}

void PacedSource::stop() {
  source_.stop();
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  wake_.notify_all();
}

}  // namespace millpond::cli
