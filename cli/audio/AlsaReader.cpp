// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/audio/AlsaReader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "cli/show/Error.h"

namespace millpond::cli {

namespace {

constexpr unsigned buffer_us = 500000;

struct Coding {
  const char* encoding;
  snd_pcm_format_t format;
};

// In the order in which they are tried.
constexpr Coding codings[] = {{"s16le", SND_PCM_FORMAT_S16_LE},
                              {"s32le", SND_PCM_FORMAT_S32_LE},
                              {"s24le", SND_PCM_FORMAT_S24_3LE},
                              {"f32le", SND_PCM_FORMAT_FLOAT_LE}};

// libasound prints each error to standard error before it returns it.
void keepQuiet(const char*, int, const char*, int, const char*, ...) {}

}  // namespace

AlsaReader::AlsaReader(std::string device, const std::optional<PcmFormat>& pcm,
                       const streamer::StopFlag& stop)
    : device_(std::move(device)), stop_(stop) {
  snd_lib_error_set_handler(&keepQuiet);
  snd_pcm_t* opened = nullptr;
  require(snd_pcm_open(&opened, device_.c_str(), SND_PCM_STREAM_CAPTURE, SND_PCM_NONBLOCK), "cannot open");
  pcm_.reset(opened);
  configure(pcm);
  require(snd_pcm_start(pcm_.get()), "cannot start");
}

void AlsaReader::require(int result, const std::string& what) const {
  if (result < 0) throw Error(fmt::format("{} ALSA device '{}': {}", what, device_, snd_strerror(result)));
}

void AlsaReader::configure(const std::optional<PcmFormat>& pcm) {
  snd_pcm_t* const device = pcm_.get();
  snd_pcm_hw_params_t* params = nullptr;
  snd_pcm_hw_params_alloca(&params);
  require(snd_pcm_hw_params_any(device, params), "cannot ask");
  require(snd_pcm_hw_params_set_access(device, params, SND_PCM_ACCESS_RW_INTERLEAVED),
          "cannot read interleaved from");
  const auto* coding = std::ranges::find_if(codings, [&](const Coding& one) {
    return (!pcm || pcm->encoding == one.encoding) &&
           snd_pcm_hw_params_test_format(device, params, one.format) == 0;
  });
  if (coding == std::end(codings)) {
    throw Error(fmt::format("ALSA device '{}' does not support {}", device_,
                            pcm ? pcm->encoding : "s16le, s32le, s24le or f32le"));
  }
  format_ = coding->format;
  require(snd_pcm_hw_params_set_format(device, params, format_), "cannot set the format of");
  if (pcm) {
    rate_ = static_cast<unsigned>(pcm->rate);
    channels_ = static_cast<unsigned>(pcm->channels);
    require(snd_pcm_hw_params_set_channels(device, params, channels_),
            fmt::format("cannot take {} channels from", channels_));
    require(snd_pcm_hw_params_set_rate(device, params, rate_, 0),
            fmt::format("cannot take {} samples per second from", rate_));
  } else {
    require(snd_pcm_hw_params_set_channels_near(device, params, &channels_), "cannot set the channels of");
    require(snd_pcm_hw_params_set_rate_near(device, params, &rate_, nullptr), "cannot set the rate of");
  }
  unsigned time = buffer_us;
  require(snd_pcm_hw_params_set_buffer_time_near(device, params, &time, nullptr), "cannot set the buffer of");
  require(snd_pcm_hw_params(device, params), "cannot set up");
}

std::size_t AlsaReader::read(std::span<float> interleaved) {
  const std::size_t frames = interleaved.size() / channels_;
  bytes_.resize(
      static_cast<std::size_t>(snd_pcm_frames_to_bytes(pcm_.get(), static_cast<snd_pcm_sframes_t>(frames))));
  const snd_pcm_sframes_t count = capture(frames);
  const auto values = static_cast<std::size_t>(count) * channels_;
  convert(values, interleaved.first(values));
  return static_cast<std::size_t>(count);
}

// Returns: 0 after a stop, and at the end of a device that plays a file.
snd_pcm_sframes_t AlsaReader::capture(std::size_t most) {
  while (!stop_.raised()) {
    const snd_pcm_sframes_t count = snd_pcm_readi(pcm_.get(), bytes_.data(), most);
    if (count >= 0) return count;
    if (count == -EAGAIN) {
      snd_pcm_wait(pcm_.get(), streamer::StopFlag::check_interval.count());
      continue;
    }
    if (count == -EPIPE || count == -ESTRPIPE) ++overruns_;
    require(snd_pcm_recover(pcm_.get(), static_cast<int>(count), 1), "cannot read from");
    // A device that was suspended runs again on its own.
    if (snd_pcm_state(pcm_.get()) == SND_PCM_STATE_PREPARED)
      require(snd_pcm_start(pcm_.get()), "cannot start");
  }
  return 0;
}

void AlsaReader::convert(std::size_t values, std::span<float> to) const {
  const unsigned char* from = bytes_.data();
  const int bytes = snd_pcm_format_physical_width(format_) / 8;
  for (std::size_t i = 0; i < values; ++i) {
    if (format_ == SND_PCM_FORMAT_FLOAT_LE) {
      std::memcpy(&to[i], from, sizeof(float));
      from += sizeof(float);
      continue;
    }
    std::uint32_t bits = 0;  // left-justified
    for (int byte = 0; byte < bytes; ++byte) bits = bits >> 8U | std::uint32_t{*from++} << 24U;
    to[i] = static_cast<float>(static_cast<std::int32_t>(bits)) / 2147483648.0F;
  }
}

std::vector<std::string> AlsaReader::warnings() const {
  if (overruns_ == 0) return {};
  return {fmt::format("ALSA device '{}' was not read in time {} times: sound was lost", device_, overruns_)};
}

}  // namespace millpond::cli
