// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/audio/ByteStream.h"
#include "cli/audio/PcmFormat.h"
#include "cli/audio/SoundFile.h"
#include "cli/audio/SoundReader.h"

namespace millpond::cli {

/// Sound read by libsndfile: any of its formats from a file; from a stream WAV, FLAC, Ogg and PCM without a
/// header.
class SndfileReader : public SoundReader {
 public:
  /// `name` is what messages call the sound. `pcm` is given if it has no header. Both throw `Error` if there
  /// is no readable sound.
  static std::unique_ptr<SndfileReader> openFile(const std::string& path, const std::string& name,
                                                 const std::optional<PcmFormat>& pcm,
                                                 const streamer::StopFlag& stop);
  static std::unique_ptr<SndfileReader> openStream(std::unique_ptr<ByteStream> stream,
                                                   const std::string& name,
                                                   const std::optional<PcmFormat>& pcm);

  int rate() const override { return info_.samplerate; }
  std::size_t channels() const override { return static_cast<std::size_t>(info_.channels); }
  std::optional<std::uint64_t> frames() const override;
  std::size_t read(std::span<float> interleaved) override;
  std::vector<std::string> warnings() const override;

 private:
  explicit SndfileReader(std::string name) : name_(std::move(name)) {}

  void openWithHeader();
  void openChunkOfStream();
  void openVirtual();
  void requireOpen();
  bool endsEarly() const;
  std::uint64_t bytesOfPartOfAFrame() const;

  std::string name_;
  std::unique_ptr<ByteStream> stream_;  // nullptr for a file
  SF_INFO info_{};
  SoundFile file_;
  std::uint64_t total_ = 0;                // frames read
  std::uint64_t bytes_there_ = 0;          // bytes of a file's sound
  std::optional<std::uint64_t> promised_;  // bytes of sound according to a header made of chunks
  bool unclosed_ = false;                  // the header says that there is no sound, but there is
};

}  // namespace millpond::cli
