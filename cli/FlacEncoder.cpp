// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/FlacEncoder.h"

#include <fmt/format.h>

#include <vector>

#include "cli/Error.h"
#include "cli/SoundFile.h"

namespace millpond::cli {

namespace {

sf_count_t framesOf(const std::filesystem::path& path) {
  SF_INFO info{};
  const SoundFile file(sf_open(path.c_str(), SFM_READ, &info));
  return file == nullptr ? -1 : info.frames;
}

void encode(const std::filesystem::path& from, const std::filesystem::path& to) {
  SF_INFO info{};
  const SoundFile in(sf_open(from.c_str(), SFM_READ, &info));
  if (in == nullptr) throw Error(fmt::format("cannot read '{}': {}", from.string(), sf_strerror(nullptr)));
  SF_INFO flac{};
  flac.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
  flac.samplerate = info.samplerate;
  flac.channels = info.channels;
  const SoundFile out(sf_open(to.c_str(), SFM_WRITE, &flac));
  if (out == nullptr) throw Error(fmt::format("cannot write '{}': {}", to.string(), sf_strerror(nullptr)));
  std::vector<short> samples(65536);
  for (sf_count_t left = info.frames; left > 0;) {
    const sf_count_t read = sf_readf_short(in.get(), samples.data(), static_cast<sf_count_t>(samples.size()));
    if (read <= 0 || sf_writef_short(out.get(), samples.data(), read) != read) {
      throw Error(fmt::format("cannot encode '{}' as FLAC: {}", from.string(), sf_strerror(out.get())));
    }
    left -= read;
  }
}

}  // namespace

std::filesystem::path encodeAsFlac(const std::filesystem::path& wav) {
  std::filesystem::path flac = wav;
  flac.replace_extension(".flac");
  const std::filesystem::path part = flac.string() + ".part";
  encode(wav, part);
  if (framesOf(part) != framesOf(wav)) throw Error(fmt::format("'{}' did not become whole", part.string()));
  std::filesystem::rename(part, flac);
  std::filesystem::remove(wav);
  return flac;
}

}  // namespace millpond::cli
