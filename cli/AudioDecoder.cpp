// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/AudioDecoder.h"

#include <fmt/format.h>
#include <samplerate.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <memory>
#include <span>
#include <sstream>
#include <system_error>

#include "cli/Error.h"
#include "cli/SoundFile.h"
#include "streamer/AudioFormat.h"

namespace millpond::cli {

namespace {

constexpr sf_count_t frames_a_step = 4096;
constexpr std::size_t max_frames = std::size_t{4} * 3600 * streamer::sample_rate;

constexpr float full_scale = 8388608.0F;  // of 24 bits
constexpr std::int32_t justify = 256;

std::int32_t toFrame(float sample) {
  if (std::isnan(sample)) return 0;
  const float scaled = std::clamp(std::nearbyint(sample * full_scale), -full_scale, full_scale - 1.0F);
  return static_cast<std::int32_t>(scaled) * justify;
}

/// Turns mono of any rate into frames of 16 kHz.
class Resampler {
 public:
  Resampler(int rate, std::vector<std::int32_t>& frames)
      : ratio_(static_cast<double>(streamer::sample_rate) / rate), frames_(frames) {
    if (rate == static_cast<int>(streamer::sample_rate)) return;
    int error = 0;
    state_.reset(src_new(SRC_SINC_MEDIUM_QUALITY, 1, &error));
    if (state_ == nullptr) throw Error(fmt::format("cannot resample: {}", src_strerror(error)));
  }

  void add(std::span<const float> mono, bool last) {
    if (state_ == nullptr) {
      append(mono);
      return;
    }
    bool more = true;
    while (more) {
      SRC_DATA step{};
      step.data_in = mono.data();
      step.input_frames = static_cast<long>(mono.size());
      step.data_out = out_.data();
      step.output_frames = static_cast<long>(out_.size());
      step.src_ratio = ratio_;
      step.end_of_input = last ? 1 : 0;
      const int error = src_process(state_.get(), &step);
      if (error != 0) throw Error(fmt::format("cannot resample: {}", src_strerror(error)));
      append(std::span(out_).first(static_cast<std::size_t>(step.output_frames_gen)));
      mono = mono.subspan(static_cast<std::size_t>(step.input_frames_used));
      more = !mono.empty() || (last && step.output_frames_gen > 0);
    }
  }

 private:
  struct Delete {
    void operator()(SRC_STATE* state) const { src_delete(state); }
  };

  void append(std::span<const float> samples) {
    std::transform(samples.begin(), samples.end(), std::back_inserter(frames_), toFrame);
  }

  double ratio_;
  std::vector<std::int32_t>& frames_;
  std::unique_ptr<SRC_STATE, Delete> state_;
  std::array<float, frames_a_step> out_{};
};

void requireRegularContent(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    throw Error(fmt::format("cannot open input '{}': {}", path, std::generic_category().message(errno)));
  }
  if (S_ISDIR(status.st_mode)) throw Error(fmt::format("input '{}' is a folder; give an audio file", path));
  if (S_ISREG(status.st_mode) && status.st_size == 0) throw Error(fmt::format("input '{}' is empty", path));
}

SoundFile openSoundFile(const std::string& path, SF_INFO& info) {
  requireRegularContent(path);
  SoundFile file(sf_open(path.c_str(), SFM_READ, &info));
  if (file == nullptr) {
    std::string reason = sf_strerror(nullptr);
    std::replace(reason.begin(), reason.end(), '\n', ' ');
    throw Error(fmt::format("input '{}' is no audio that can be read (WAV, FLAC, Ogg, AIFF, MP3 can): {}",
                            path, reason));
  }
  if (src_is_valid_ratio(static_cast<double>(streamer::sample_rate) / info.samplerate) == 0) {
    throw Error(
        fmt::format("input '{}' has {} samples a second; 63 to 4096000 are allowed", path, info.samplerate));
  }
  return file;
}

// libsndfile mends a header that promises more than there is, and says so only in its log.
bool headerPromisedMore(SNDFILE* file) {
  std::array<char, 8192> log{};
  sf_command(file, SFC_GET_LOG_INFO, log.data(), static_cast<int>(log.size()) - 1);
  std::istringstream lines(log.data());
  for (std::string line; std::getline(lines, line);) {
    const bool outermost = line.starts_with("RIFF") || line.starts_with("RIFX") || line.starts_with("FORM");
    if (!outermost && line.find("should be") != std::string::npos) return true;
  }
  return false;
}

std::span<const float> downmix(std::span<const float> interleaved, std::size_t channels,
                               std::vector<float>& mono) {
  mono.resize(interleaved.size() / channels);
  for (std::size_t i = 0; i < mono.size(); ++i) {
    double sum = 0;
    for (const float sample : interleaved.subspan(i * channels, channels)) sum += static_cast<double>(sample);
    mono[i] = static_cast<float>(sum / static_cast<double>(channels));
  }
  return mono;
}

}  // namespace

DecodedAudio decodeAudio(const std::string& path) {
  SF_INFO info{};
  const SoundFile file = openSoundFile(path, info);
  DecodedAudio audio;
  Resampler resampler(info.samplerate, audio.frames);
  const auto channels = static_cast<std::size_t>(info.channels);
  std::vector<float> interleaved(static_cast<std::size_t>(frames_a_step) * channels);
  std::vector<float> mono;
  sf_count_t total = 0;
  sf_count_t read = 0;
  do {
    read = sf_readf_float(file.get(), interleaved.data(), frames_a_step);
    total += read;
    const auto values = std::span(interleaved).first(static_cast<std::size_t>(read) * channels);
    resampler.add(downmix(values, channels, mono), read < frames_a_step);
    if (audio.frames.size() > max_frames) {
      throw Error(fmt::format("input '{}' is longer than the 4 hours that are allowed", path));
    }
  } while (read == frames_a_step);

  if (audio.frames.empty()) throw Error(fmt::format("input '{}' holds no samples", path));
  if (total < info.frames || headerPromisedMore(file.get())) {
    audio.warning = fmt::format("input '{}' ends before its header says; using the {} frames that are there",
                                path, total);
  }
  return audio;
}

}  // namespace millpond::cli
