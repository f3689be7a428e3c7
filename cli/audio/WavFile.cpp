// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/audio/WavFile.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "cli/show/Error.h"
#include "streamer/wire/ByteOrder.h"

namespace millpond::cli {

namespace {

constexpr std::size_t wav_header_bytes = 44;
constexpr std::size_t bytes_a_frame = sizeof(std::int16_t);
constexpr std::size_t rate_offset = 24;
constexpr std::size_t data_length_offset = 40;
constexpr std::uint64_t max_data_bytes = std::numeric_limits<std::uint32_t>::max() - wav_header_bytes;

using WavHeader = std::array<std::byte, wav_header_bytes>;

constexpr std::uint64_t offsetOf(std::uint64_t frame) { return wav_header_bytes + frame * bytes_a_frame; }

WavHeader wavHeader(std::uint32_t rate, std::uint64_t frames) {
  const auto data_bytes = static_cast<std::uint32_t>(frames * bytes_a_frame);
  WavHeader header{};
  const auto text = [&](std::size_t at, const char* letters) { std::memcpy(&header[at], letters, 4); };
  const auto number = [&](std::size_t at, auto value) {
    streamer::store(std::span(header).subspan(at), value);
  };
  text(0, "RIFF");
  number(4, static_cast<std::uint32_t>(wav_header_bytes - 8 + data_bytes));
  text(8, "WAVE");
  text(12, "fmt ");
  number(16, std::uint32_t{16});  // size of this chunk
  number(20, std::uint16_t{1});   // PCM
  number(22, std::uint16_t{1});   // channels
  number(rate_offset, rate);
  number(28, static_cast<std::uint32_t>(rate * bytes_a_frame));  // bytes per second
  number(32, std::uint16_t{bytes_a_frame});                      // bytes per frame
  number(34, std::uint16_t{8 * bytes_a_frame});                  // bits per sample
  text(36, "data");
  number(data_length_offset, data_bytes);
  return header;
}

[[noreturn]] void failToWrite(const std::filesystem::path& path, const std::string& reason) {
  throw Error(fmt::format("cannot write '{}': {}", path.string(), reason));
}

}  // namespace

WavFile WavFile::create(const std::filesystem::path& path, std::uint32_t rate, Durable durable) {
  WavFile file(path, rate, durable);
  const std::error_code error = file.file_.open(path, O_RDWR | O_CREAT | O_EXCL);
  if (error == std::errc::file_exists) {
    failToWrite(path, "its name is taken; its stream can go on once what is there is moved away");
  }
  file.check(error);
  try {
    file.commit(0);
    if (durable == Durable::yes) file.check(syncFolder(path.parent_path()));
  } catch (const Error&) {
    ::unlink(path.c_str());  // created above, and empty
    throw;
  }
  return file;
}

WavFile WavFile::resume(const std::filesystem::path& path, std::uint32_t rate, Durable durable) {
  WavFile file(path, rate, durable);
  file.check(file.file_.open(path, O_RDWR));
  const auto content = contentOf(file.file_, path);
  if (!content || (content->frames > 0 && content->rate != rate))
    failToWrite(path, "it is not a recording of this program");
  std::uint64_t bytes = 0;
  file.check(file.file_.size(bytes));
  if (bytes > offsetOf(content->frames)) file.check(file.file_.resize(offsetOf(content->frames)));
  file.frames_ = content->frames;
  // Also if the header is right already: an earlier one may have been written without reaching the disk.
  file.commit(file.frames_);
  file.syncIfDurable();
  if (durable == Durable::yes) file.check(syncFolder(path.parent_path()));
  return file;
}

std::optional<WavFile::Content> WavFile::contentOf(const Descriptor& file,
                                                   const std::filesystem::path& path) {
  const auto check = [&](const std::error_code& error) {
    if (error) throw Error(fmt::format("cannot read '{}': {}", path.string(), error.message()));
  };
  std::uint64_t bytes = 0;
  check(file.size(bytes));
  if (bytes == 0) return Content{};
  if (bytes < wav_header_bytes) return std::nullopt;
  WavHeader header{};
  check(file.readAt(0, header));
  const auto rate = streamer::load<std::uint32_t>(std::span(header).subspan(rate_offset));
  const auto data_bytes = streamer::load<std::uint32_t>(std::span(header).subspan(data_length_offset));
  const std::uint64_t counted = data_bytes / bytes_a_frame;
  if (header != wavHeader(rate, counted)) return std::nullopt;
  // A file that is shorter than its header says was truncated by a power failure.
  return Content{rate, std::min(counted, (bytes - wav_header_bytes) / bytes_a_frame)};
}

void WavFile::append(std::span<const std::int16_t> samples) {
  check(file_.writeAt(end(), std::as_bytes(samples)));
  syncIfDurable();
  commit(frames_ + samples.size());
  syncIfDurable();
}

void WavFile::appendSilence(std::uint64_t samples) {
  check(file_.resize(end() + samples * bytes_a_frame));
  commit(frames_ + samples);
}

void WavFile::close() { check(file_.close()); }

// Written after the samples: the header never counts samples that are not there.
void WavFile::commit(std::uint64_t frames) {
  if (frames * bytes_a_frame > max_data_bytes) failToWrite(path_, "a WAV file holds at most 4 GiB");
  if (const auto error = file_.writeAt(0, wavHeader(rate_, frames))) {
    // Part of it may have been written: restore the former header.
    if (file_.writeAt(0, wavHeader(rate_, frames_))) failToWrite(path_, "its header is damaged");
    check(error);
  }
  frames_ = frames;
}

void WavFile::syncIfDurable() const {
  if (durable_ == Durable::yes) check(file_.sync());
}

void WavFile::check(const std::error_code& error) const {
  if (error) failToWrite(path_, error.message());
}

std::uint64_t WavFile::end() const { return offsetOf(frames_); }

}  // namespace millpond::cli
