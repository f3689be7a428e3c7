// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/audio/DecodingSource.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "cli/show/Error.h"

namespace millpond::cli {

namespace {

// More than two reads of the device at its own rate.
constexpr std::size_t ring_frames = 16384;
// Channels cancel out if their average has less than this share of the power that independent channels would
// give.
constexpr double cancelled_share = 0.1;
constexpr std::chrono::milliseconds sound_look_interval{50};
constexpr std::size_t most_warnings = 20;

std::string messageOf(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    return error.what();
  }
}

void addSumWarnings(const std::string& name, const FrameMaker::Sums& sums, std::vector<std::string>& lines) {
  if (sums.bad_samples > 0) {
    lines.push_back(
        fmt::format("samples that are not numbers in input '{}': {}; NaN became silence, infinity full scale",
                    name, sums.bad_samples));
  }
  if (sums.clipped > 0) {
    lines.push_back(fmt::format("samples beyond full scale in input '{}', clipped: {}", name, sums.clipped));
  }
  const double independent = sums.of_channels / static_cast<double>(std::max<std::size_t>(sums.channels, 1));
  if (sums.channels > 1 && sums.of_average < cancelled_share * independent) {
    lines.push_back(fmt::format(
        "the {} channels of input '{}' cancel each other out: their average is {} than they are",
        sums.channels, name,
        sums.of_average > 0
            ? fmt::format("{:.0f} dB quieter", 10 * std::log10(sums.of_channels / sums.of_average))
            : "infinitely quieter"));
  }
}

}  // namespace

DecodingSource::DecodingSource(std::string name, std::vector<Track> tracks, bool loop)
    : name_(std::move(name)), tracks_(std::move(tracks)), loop_(loop), ring_(ring_frames), thread_([this] {
        run();
      }) {}

DecodingSource::~DecodingSource() {
  DecodingSource::stop();
  thread_.join();
}

void DecodingSource::run() {
  std::exception_ptr failure;
  try {
    std::uint64_t before = 0;
    do {
      before = put_;
      for (const Track& track : tracks_) {
        if (!stop_.raised()) play(*track(stop_));
      }
    } while (loop_ && put_ > before && !stop_.raised());
  } catch (...) {
    failure = std::current_exception();
  }
  const std::lock_guard lock(mutex_);
  if (!stop_.raised()) failure_ = failure;  // else the stop caused it
  ended_ = true;
  changed_.notify_all();
}

void DecodingSource::play(SoundReader& reader) {
  FrameMaker maker(reader);
  const FrameMaker::Sums before = sums_;
  for (bool more = true; more && !stop_.raised();) {
    more = maker.next();
    put(maker.frames());
    const std::lock_guard lock(mutex_);
    sums_ = before;
    sums_ += maker.sums();
  }
  const std::vector<std::string> lines = reader.warnings();
  const std::lock_guard lock(mutex_);
  if (warnings_.size() < most_warnings) warnings_.insert(warnings_.end(), lines.begin(), lines.end());
}

void DecodingSource::put(std::span<const std::int32_t> frames) {
  std::unique_lock lock(mutex_);
  while (!frames.empty()) {
    changed_.wait(lock, [this] { return held_ < ring_.size() || stop_.raised(); });
    if (stop_.raised()) return;
    const std::size_t at = (first_ + held_) % ring_.size();
    const std::size_t count = std::min({frames.size(), ring_.size() - held_, ring_.size() - at});
    std::copy_n(frames.begin(), count, ring_.begin() + static_cast<std::ptrdiff_t>(at));
    held_ += count;
    put_ += count;
    frames = frames.subspan(count);
    changed_.notify_all();
  }
}

void DecodingSource::awaitSound(const std::function<bool()>& given_up) {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, sound_look_interval, [this] { return put_ > 0 || ended_; })) {
    if (!given_up()) continue;
    stop_.raise();
    changed_.notify_all();
    return;
  }
  if (put_ > 0) return;
  if (failure_ != nullptr) std::rethrow_exception(failure_);
  throw Error(fmt::format("input '{}' holds no samples", name_));
}

std::size_t DecodingSource::read(std::span<std::int32_t> frames) {
  const std::size_t wanted = std::min(frames.size(), ring_.size());
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return held_ >= wanted || ended_ || stop_.raised(); });
  if (stop_.raised()) return 0;
  const std::size_t count = std::min(wanted, held_);
  const std::size_t whole = std::min(count, ring_.size() - first_);
  std::copy_n(ring_.begin() + static_cast<std::ptrdiff_t>(first_), whole, frames.begin());
  std::copy_n(ring_.begin(), count - whole, frames.begin() + static_cast<std::ptrdiff_t>(whole));
  first_ = (first_ + count) % ring_.size();
  held_ -= count;
  changed_.notify_all();
  return count;
}

void DecodingSource::stop() {
  const std::lock_guard lock(mutex_);
  stop_.raise();
  changed_.notify_all();
}

SoundAccount DecodingSource::account() const {
  const std::lock_guard lock(mutex_);
  SoundAccount account{.clipped = sums_.clipped, .bad_samples = sums_.bad_samples, .warnings = warnings_};
  addSumWarnings(name_, sums_, account.warnings);
  if (failure_ != nullptr) {
    account.failed = true;
    account.warnings.push_back(messageOf(failure_));
  }
  return account;
}

}  // namespace millpond::cli
