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

constexpr std::size_t bytes_a_frame = sizeof(std::int16_t);
constexpr std::size_t rate_offset = 24;
constexpr std::size_t format_end = 36;
constexpr std::size_t date_offset = 56;
constexpr std::size_t date_bytes = 20;  // 2026-01-02T03:04:05Z
constexpr std::size_t date_end = 78;    // and two zeros: the end of the text, and to an even length
constexpr std::size_t data_head_bytes = 8;
constexpr std::size_t most_header_bytes = date_end + data_head_bytes;
constexpr std::uint64_t max_data_bytes = std::numeric_limits<std::uint32_t>::max() - most_header_bytes;

constexpr std::size_t wavHeaderBytes(bool dated) { return (dated ? date_end : format_end) + data_head_bytes; }

struct WavHeader {
  std::array<std::byte, most_header_bytes> all{};
  std::size_t size = 0;

  std::span<const std::byte> bytes() const { return std::span(all).first(size); }
  void text(std::size_t at, const char* letters) { std::memcpy(&all[at], letters, 4); }
  template <class Number>
  void number(std::size_t at, Number value) {
    streamer::store(std::span(all).subspan(at), value);
  }
  /// Effect: writes the chunk that readers show as the date of creation.
  void date(UtcTime begun) {
    text(format_end, "LIST");
    number(format_end + 4, static_cast<std::uint32_t>(date_end - format_end - 8));
    text(format_end + 8, "INFO");
    text(format_end + 12, "ICRD");
    number(format_end + 16, static_cast<std::uint32_t>(date_bytes + 1));
    const std::string date = utcText(begun);
    std::memcpy(&all[date_offset], date.data(), std::min(date.size(), date_bytes));
  }
};

WavHeader wavHeader(std::uint32_t rate, std::optional<UtcTime> begun, std::uint64_t frames) {
  const auto data_bytes = static_cast<std::uint32_t>(frames * bytes_a_frame);
  WavHeader header{.size = wavHeaderBytes(begun.has_value())};
  header.text(0, "RIFF");
  header.number(4, static_cast<std::uint32_t>(header.size - 8 + data_bytes));
  header.text(8, "WAVE");
  header.text(12, "fmt ");
  header.number(16, std::uint32_t{16});  // size of this chunk
  header.number(20, std::uint16_t{1});   // PCM
  header.number(22, std::uint16_t{1});   // channels
  header.number(rate_offset, rate);
  header.number(28, static_cast<std::uint32_t>(rate * bytes_a_frame));  // bytes per second
  header.number(32, std::uint16_t{bytes_a_frame});                      // bytes per frame
  header.number(34, std::uint16_t{8 * bytes_a_frame});                  // bits per sample
  if (begun) header.date(*begun);
  header.text(header.size - 8, "data");
  header.number(header.size - 4, data_bytes);
  return header;
}

/// Returns: what `bytes`, the beginning of a file, are exactly the header of; empty if of nothing.
std::optional<WavFile::Content> parseWavHeader(std::span<const std::byte> bytes, bool dated) {
  const std::size_t size = wavHeaderBytes(dated);
  if (bytes.size() < size) return std::nullopt;
  WavFile::Content content;
  if (dated) {
    const auto* const date = reinterpret_cast<const char*>(&bytes[date_offset]);
    content.begun = parseUtcText({date, date_bytes});
    if (!content.begun) return std::nullopt;
  }
  content.rate = streamer::load<std::uint32_t>(bytes.subspan(rate_offset));
  content.frames = streamer::load<std::uint32_t>(bytes.subspan(size - 4)) / bytes_a_frame;
  const WavHeader header = wavHeader(content.rate, content.begun, content.frames);
  return std::ranges::equal(header.bytes(), bytes.first(size)) ? std::optional(content) : std::nullopt;
}

[[noreturn]] void failToWrite(const std::filesystem::path& path, const std::string& reason) {
  throw Error(fmt::format("cannot write '{}': {}", path.string(), reason));
}

}  // namespace

WavFile WavFile::create(const std::filesystem::path& path, std::uint32_t rate, UtcTime begun,
                        Durable durable) {
  WavFile file(path, rate, durable);
  file.begun_ = begun;
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
  file.begun_ = content->begun;
  std::uint64_t bytes = 0;
  file.check(file.file_.size(bytes));
  const std::uint64_t end = file.offsetOf(content->frames);
  if (bytes > end) file.check(file.file_.resize(end));
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
  std::array<std::byte, most_header_bytes> all{};
  const auto begin =
      std::span(all).first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes, all.size())));
  check(file.readAt(0, begin));
  for (const bool dated : {true, false}) {
    auto content = parseWavHeader(begin, dated);
    if (!content) continue;
    // A file that is shorter than its header says was truncated by a power failure.
    content->frames = std::min(content->frames, (bytes - wavHeaderBytes(dated)) / bytes_a_frame);
    return content;
  }
  return std::nullopt;
}

void WavFile::append(std::span<const std::int16_t> samples) {
  check(file_.writeAt(offsetOf(frames_), std::as_bytes(samples)));
  syncIfDurable();
  commit(frames_ + samples.size());
  syncIfDurable();
}

void WavFile::appendSilence(std::uint64_t samples) {
  check(file_.resize(offsetOf(frames_ + samples)));
  commit(frames_ + samples);
}

void WavFile::close() { check(file_.close()); }

// Written after the samples: the header never counts samples that are not there.
void WavFile::commit(std::uint64_t frames) {
  if (frames * bytes_a_frame > max_data_bytes) failToWrite(path_, "a WAV file holds at most 4 GiB");
  if (const auto error = file_.writeAt(0, wavHeader(rate_, begun_, frames).bytes())) {
    // Part of it may have been written: restore the former header.
    if (file_.writeAt(0, wavHeader(rate_, begun_, frames_).bytes()))
      failToWrite(path_, "its header is damaged");
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

std::uint64_t WavFile::offsetOf(std::uint64_t frame) const {
  return wavHeaderBytes(begun_.has_value()) + frame * bytes_a_frame;
}

}  // namespace millpond::cli
