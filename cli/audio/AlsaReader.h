// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <alsa/asoundlib.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/audio/PcmFormat.h"
#include "cli/audio/SoundReader.h"
#include "streamer/backlog/StopFlag.h"

namespace millpond::cli {

/// An ALSA capture device. It sets the pace. Sound that is not read in time is lost and reported.
class AlsaReader : public SoundReader {
 public:
  /// Effect: starts to capture, in the format of `pcm` if given; otherwise in 16 bits or the next format that
  /// the device has, and in 16 kHz mono or the nearest. Throws `Error` if the device cannot.
  AlsaReader(std::string device, const std::optional<PcmFormat>& pcm, const streamer::StopFlag& stop);

  int rate() const override { return static_cast<int>(rate_); }
  std::size_t channels() const override { return channels_; }
  std::size_t read(std::span<float> interleaved) override;
  std::vector<std::string> warnings() const override;

 private:
  struct Close {
    void operator()(snd_pcm_t* pcm) const { snd_pcm_close(pcm); }
  };

  void configure(const std::optional<PcmFormat>& pcm);
  void require(int result, const std::string& what) const;
  snd_pcm_sframes_t capture(std::size_t most);
  void convert(std::size_t values, std::span<float> to) const;

  const std::string device_;
  const streamer::StopFlag& stop_;
  std::unique_ptr<snd_pcm_t, Close> pcm_;
  snd_pcm_format_t format_ = SND_PCM_FORMAT_S16_LE;
  unsigned rate_ = 16000;
  unsigned channels_ = 1;
  std::vector<unsigned char> bytes_;
  std::uint64_t overruns_ = 0;
};

}  // namespace millpond::cli
