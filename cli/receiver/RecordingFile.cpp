// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/receiver/RecordingFile.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <charconv>
#include <cstddef>
#include <system_error>

#include "cli/audio/Descriptor.h"
#include "cli/audio/SoundIo.h"
#include "cli/audio/WavFile.h"
#include "cli/show/Error.h"
#include "streamer/wire/ChunkHeader.h"

namespace millpond::cli {

std::string RecordingName::text(std::string_view extension) const {
  const std::string time = begun == UtcTime{} ? "" : "-" + utcName(begun);
  return fmt::format("stream-{:016x}-{}{}{}", stream_id, first, time, extension);
}

std::optional<RecordingName> RecordingName::parse(std::string_view text, std::string_view& extension) {
  constexpr std::string_view prefix = "stream-";
  constexpr std::size_t id_digits = 16;
  constexpr std::size_t time_letters = 16;
  if (!text.starts_with(prefix) || text.size() < prefix.size() + id_digits + 1) return std::nullopt;
  RecordingName name;
  const char* const id = text.data() + prefix.size();
  const char* const first = id + id_digits + 1;
  const char* const end = text.data() + text.size();
  if (std::from_chars(id, id + id_digits, name.stream_id, 16).ec != std::errc{}) return std::nullopt;
  const auto [rest, error] = std::from_chars(first, end, name.first);
  if (error != std::errc{}) return std::nullopt;
  extension = {rest, static_cast<std::size_t>(end - rest)};
  if (extension.starts_with('-')) {
    extension.remove_prefix(1);
    const auto begun = parseUtcName(std::string(extension.substr(0, time_letters)));
    if (!begun) return std::nullopt;
    name.begun = *begun;
    extension.remove_prefix(time_letters);
  }
  if (name.text(extension) != text) return std::nullopt;  // for example leading zeros
  return name;
}

std::optional<RecordingFile> RecordingFile::read(const std::filesystem::path& path,
                                                 const RecordingName& name) {
  const auto fail = [&](const std::string& reason) {
    throw Error(fmt::format("cannot read '{}': {}; its stream can go on once it is readable or moved away",
                            path.string(), reason));
  };
  Descriptor file;
  const std::error_code error = file.open(path, O_RDONLY);
  if (error == std::errc::no_such_file_or_directory) return std::nullopt;
  if (error) fail(error.message());
  RecordingFile recording{.path = path, .name = name};
  if (const auto content = WavFile::contentOf(file, path)) {
    recording.frames = content->frames;
    recording.rate = content->rate;
    recording.ours = true;
  } else {
    SoundIo io(file);
    SF_INFO info{};
    const SoundFile sound = io.open(SFM_READ, info);
    if (io.error()) fail(io.error().message());
    if (sound == nullptr) fail(sf_strerror(nullptr));
    if (info.frames == 0) fail("it holds no sound");
    recording.frames = static_cast<std::uint64_t>(info.frames);
    recording.rate = static_cast<std::uint32_t>(info.samplerate);
  }
  constexpr std::uint64_t last = streamer::ChunkHeader::max_sample_index;
  if (name.first > last || recording.frames > last - name.first)
    fail("it ends beyond sample 2^62, where no stream comes");
  return recording;
}

}  // namespace millpond::cli
