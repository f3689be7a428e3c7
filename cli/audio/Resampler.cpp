// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/audio/Resampler.h"

#include <fmt/format.h>

#include <array>

#include "cli/show/Error.h"
#include "streamer/wire/AudioFormat.h"

namespace millpond::cli {

namespace {

constexpr std::size_t resampled_a_step = 1024;

}  // namespace

Resampler::Resampler(int rate) : rate_(static_cast<std::uint64_t>(rate)) {
  if (rate_ == streamer::sample_rate) return;
  int error = 0;
  state_.reset(src_new(SRC_SINC_MEDIUM_QUALITY, 1, &error));
  if (state_ == nullptr) throw Error(fmt::format("cannot resample: {}", src_strerror(error)));
}

void Resampler::add(std::span<const float> mono, std::vector<float>& out) {
  taken_ += mono.size();
  if (state_ == nullptr) {
    out.insert(out.end(), mono.begin(), mono.end());
  } else {
    process(mono, out);
  }
}

// libsamplerate ends one sample short if the ratio is not an exact fraction. Silence after the end makes it
// output everything.
void Resampler::finish(std::vector<float>& out) {
  if (state_ == nullptr) return;
  constexpr std::array<float, resampled_a_step> silence{};
  const std::uint64_t all = (taken_ * streamer::sample_rate + rate_ - 1) / rate_;
  while (given_ < all) process(silence, out);
  out.resize(out.size() - static_cast<std::size_t>(given_ - all));
  given_ = all;
}

void Resampler::process(std::span<const float> mono, std::vector<float>& out) {
  std::array<float, resampled_a_step> made;
  SRC_DATA step{};
  step.src_ratio = static_cast<double>(streamer::sample_rate) / static_cast<double>(rate_);
  do {
    step.data_in = mono.data();
    step.input_frames = static_cast<long>(mono.size());
    step.data_out = made.data();
    step.output_frames = static_cast<long>(made.size());
    const int error = src_process(state_.get(), &step);
    if (error != 0) throw Error(fmt::format("cannot resample: {}", src_strerror(error)));
    mono = mono.subspan(static_cast<std::size_t>(step.input_frames_used));
    out.insert(out.end(), made.begin(), made.begin() + step.output_frames_gen);
    given_ += static_cast<std::uint64_t>(step.output_frames_gen);
  } while (!mono.empty() || step.output_frames_gen > 0);
}

}  // namespace millpond::cli
