// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/audio/FlacEncoder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "cli/audio/Descriptor.h"
#include "cli/audio/SoundIo.h"
#include "cli/audio/WavFile.h"
#include "cli/show/Error.h"

namespace millpond::cli {

namespace {

constexpr std::size_t encoded_a_step = 65536;

void requireOnDisk(const std::error_code& error, const std::filesystem::path& path) {
  if (error) throw Error(fmt::format("cannot put '{}' on disk: {}", path.string(), error.message()));
}

/// A mono file, read from start to end.
class WholeFile {
 public:
  explicit WholeFile(const std::filesystem::path& path) : path_(path) {
    if (const auto error = file_.open(path, O_RDONLY)) fail(error.message());
    sound_ = io_.emplace(file_).open(SFM_READ, info_);
    if (sound_ == nullptr) fail();
    samples_.resize(encoded_a_step * static_cast<std::size_t>(info_.channels));
  }

  const SF_INFO& info() const { return info_; }
  /// nullptr if it does not say.
  const char* date() const { return sf_get_string(sound_.get(), SF_STR_DATE); }
  /// Returns: the next samples; none at the end. Throws `Error` if the file ends before its header says.
  std::span<const short> next() {
    const sf_count_t wanted = std::min<sf_count_t>(encoded_a_step, info_.frames - read_);
    if (sf_readf_short(sound_.get(), samples_.data(), wanted) != wanted) fail();
    read_ += wanted;
    return std::span(samples_).first(static_cast<std::size_t>(wanted * info_.channels));
  }

 private:
  [[noreturn]] void fail() const { fail(io_->error() ? io_->error().message() : sf_strerror(sound_.get())); }
  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(fmt::format("cannot read '{}': {}", path_.string(), reason));
  }

  std::filesystem::path path_;
  Descriptor file_;
  std::optional<SoundIo> io_;
  SF_INFO info_{};
  SoundFile sound_;
  std::vector<short> samples_;
  sf_count_t read_ = 0;
};

// An existing file is left from an earlier attempt.
void encodeTo(const std::filesystem::path& from, const std::filesystem::path& to) {
  const auto require = [&](const std::error_code& error) {
    if (error) throw Error(fmt::format("cannot encode '{}' as FLAC: {}", from.string(), error.message()));
  };
  WholeFile in(from);
  SF_INFO flac{};
  flac.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
  flac.samplerate = in.info().samplerate;
  flac.channels = in.info().channels;
  ::unlink(to.c_str());
  Descriptor file;
  require(file.open(to, O_RDWR | O_CREAT | O_EXCL));
  SoundIo io(file);
  SoundFile out = io.open(SFM_WRITE, flac);
  if (out != nullptr && in.date() != nullptr) sf_set_string(out.get(), SF_STR_DATE, in.date());
  bool whole = out != nullptr;
  for (auto samples = in.next(); whole && !samples.empty(); samples = in.next()) {
    const auto count = static_cast<sf_count_t>(samples.size());
    whole = sf_write_short(out.get(), samples.data(), count) == count;
  }
  const std::string reason = sf_strerror(out.get());
  out.reset();  // this writes as well
  require(io.error());
  require(file.close());
  if (!whole) throw Error(fmt::format("cannot encode '{}' as FLAC: {}", from.string(), reason));
}

// Not every failed write is reported where it happens.
void requireSame(const std::filesystem::path& wav, const std::filesystem::path& flac) {
  WholeFile one(wav);
  WholeFile other(flac);
  while (true) {
    const auto samples = one.next();
    if (!std::ranges::equal(samples, other.next())) {
      throw Error(fmt::format("'{}' does not hold what '{}' does", flac.string(), wav.string()));
    }
    if (samples.empty()) return;
  }
}

// By its time of change a receiver knows how old a recording is.
void takeTimeOf(const std::filesystem::path& wav, const std::filesystem::path& flac) {
  std::error_code error;
  const auto time = std::filesystem::last_write_time(wav, error);
  if (!error) std::filesystem::last_write_time(flac, time, error);
}

void encodeThrough(const std::filesystem::path& part, const std::filesystem::path& wav,
                   const std::filesystem::path& flac) {
  try {
    encodeTo(wav, part);
    requireSame(wav, part);
    takeTimeOf(wav, part);
    requireOnDisk(syncFile(part), part);
    std::error_code error;
    std::filesystem::rename(part, flac, error);
    requireOnDisk(error, flac);
  } catch (...) {
    std::remove(part.c_str());
    throw;
  }
}

void replaceByFlac(const std::filesystem::path& wav, const std::filesystem::path& flac,
                   const std::filesystem::path& part) {
  if (std::filesystem::exists(flac)) {
    requireSame(wav, flac);
    requireOnDisk(syncFile(flac), flac);
  } else {
    encodeThrough(part, wav, flac);
  }
  requireOnDisk(syncFolder(wav.parent_path()), wav.parent_path());
  std::error_code error;
  std::filesystem::remove(wav, error);
  requireOnDisk(error, wav);
}

// Checks the file itself: libsndfile reports one that cannot be read as one without samples.
bool hasSamples(const std::filesystem::path& wav) {
  Descriptor file;
  requireOnDisk(file.open(wav, O_RDONLY), wav);
  const auto content = WavFile::contentOf(file, wav);
  return !content || content->frames > 0;
}

}  // namespace

bool encodeAsFlac(const std::filesystem::path& wav) {
  const auto beside = [&](const char* extension) {
    return std::filesystem::path(wav).replace_extension(extension);
  };
  const bool has_samples = hasSamples(wav);
  if (has_samples) replaceByFlac(wav, beside(".flac"), beside(".flac.part"));
  std::error_code ignored;
  std::filesystem::remove(beside(".ended"), ignored);
  std::filesystem::remove(beside(".flac.part"), ignored);
  return has_samples;
}

}  // namespace millpond::cli
