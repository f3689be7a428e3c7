// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/RecordingFile.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <span>
#include <system_error>

#include "cli/Descriptor.h"
#include "cli/Error.h"
#include "cli/SoundFile.h"
#include "cli/WavFile.h"

namespace millpond::cli {

namespace {

/// What libsndfile reads a file through: it takes a failure for the file's end, and does not tell.
struct CheckedInput {
  const Descriptor& file;
  std::uint64_t size = 0;
  std::uint64_t position = 0;
  std::error_code error{};

  static CheckedInput& of(void* self) { return *static_cast<CheckedInput*>(self); }

  sf_count_t seek(sf_count_t offset, int from) {
    const std::uint64_t base = from == SEEK_SET ? 0 : from == SEEK_CUR ? position : size;
    position = base + static_cast<std::uint64_t>(offset);
    return static_cast<sf_count_t>(position);
  }
  sf_count_t read(void* to, sf_count_t wanted) {
    const std::uint64_t left = size - std::min(position, size);
    const auto count = static_cast<std::size_t>(std::min(left, static_cast<std::uint64_t>(wanted)));
    if (!error) error = file.readAt(position, {static_cast<std::byte*>(to), count});
    if (error) return 0;
    position += count;
    return static_cast<sf_count_t>(count);
  }
};

SF_VIRTUAL_IO checkedIo() {
  return {
      .get_filelen = [](void* self) { return static_cast<sf_count_t>(CheckedInput::of(self).size); },
      .seek = [](sf_count_t offset, int from,
                 void* self) { return CheckedInput::of(self).seek(offset, from); },
      .read = [](void* to, sf_count_t count, void* self) { return CheckedInput::of(self).read(to, count); },
      .write = [](const void*, sf_count_t, void*) { return sf_count_t{0}; },
      .tell = [](void* self) { return static_cast<sf_count_t>(CheckedInput::of(self).position); },
  };
}

}  // namespace

std::string RecordingName::text(std::string_view extension) const {
  return fmt::format("stream-{:016x}-{}{}", stream_id, first, extension);
}

std::optional<RecordingName> RecordingName::parse(std::string_view text, std::string_view& extension) {
  constexpr std::string_view prefix = "stream-";
  constexpr std::size_t id_digits = 16;
  if (!text.starts_with(prefix) || text.size() < prefix.size() + id_digits + 1) return std::nullopt;
  RecordingName name;
  const char* const id = text.data() + prefix.size();
  const char* const first = id + id_digits + 1;
  const char* const end = text.data() + text.size();
  if (std::from_chars(id, id + id_digits, name.stream_id, 16).ec != std::errc{}) return std::nullopt;
  const auto [rest, error] = std::from_chars(first, end, name.first);
  if (error != std::errc{}) return std::nullopt;
  extension = {rest, static_cast<std::size_t>(end - rest)};
  if (name.text(extension) != text) return std::nullopt;  // such as leading zeros
  return name;
}

std::string RecordingFile::name(std::uint64_t stream_id, std::uint64_t first, bool flac) {
  return RecordingName{stream_id, first}.text(flac ? ".flac" : ".wav");
}

std::optional<RecordingFile> RecordingFile::read(const std::filesystem::path& path, std::uint64_t first) {
  const auto fail = [&](const std::string& reason) {
    throw Error(fmt::format("cannot read '{}': {}; its stream can go on once it is readable or moved away",
                            path.string(), reason));
  };
  Descriptor file;
  const std::error_code error = file.open(path, O_RDONLY);
  if (error == std::errc::no_such_file_or_directory) return std::nullopt;
  if (error) fail(error.message());
  if (const auto content = WavFile::contentOf(file, path)) {
    return RecordingFile{path, first, content->frames, content->rate, true};
  }
  CheckedInput input{.file = file};
  if (const auto failure = file.size(input.size)) fail(failure.message());
  SF_INFO info{};
  SF_VIRTUAL_IO io = checkedIo();
  const SoundFile sound(sf_open_virtual(&io, SFM_READ, &info, &input));
  if (input.error) fail(input.error.message());
  if (sound == nullptr) fail(sf_strerror(nullptr));
  return RecordingFile{path, first, static_cast<std::uint64_t>(info.frames),
                       static_cast<std::uint32_t>(info.samplerate), false};
}

}  // namespace millpond::cli
