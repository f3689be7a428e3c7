// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <sndfile.h>

#include <string>
#include <vector>

namespace millpond::cli {

/// The format of samples without a header: their encoding, and the values of --rate and --channels.
struct PcmFormat {
  std::string encoding = "s16le";
  int rate = 16000;
  int channels = 1;

  static std::vector<std::string> encodings() { return {"s16le", "s24le", "s32le", "f32le"}; }

  /// The same in libsndfile's terms. Requires: one of the encodings.
  SF_INFO sndfile() const {
    const int coding = encoding == "s16le"   ? SF_FORMAT_PCM_16
                       : encoding == "s24le" ? SF_FORMAT_PCM_24
                       : encoding == "s32le" ? SF_FORMAT_PCM_32
                                             : SF_FORMAT_FLOAT;
    SF_INFO info{};
    info.format = SF_FORMAT_RAW | SF_ENDIAN_LITTLE | coding;
    info.samplerate = rate;
    info.channels = channels;
    return info;
  }
};

}  // namespace millpond::cli
