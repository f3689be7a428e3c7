// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/device/Input.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/audio/AlsaReader.h"
#include "cli/audio/DecodingSource.h"
#include "cli/audio/SndfileReader.h"
#include "cli/show/Error.h"
#include "streamer/capture/ToneSource.h"
#include "streamer/wire/AudioFormat.h"

namespace millpond::cli {

namespace {

using Track = DecodingSource::Track;

constexpr const char* standard_input = "/dev/stdin";
constexpr const char* speech_folder = "/usr/share/sounds/alsa";
constexpr const char* speech_files[] = {"Front_Center.wav", "Front_Left.wav", "Front_Right.wav",
                                        "Rear_Center.wav",  "Rear_Left.wav",  "Rear_Right.wav",
                                        "Side_Left.wav",    "Side_Right.wav"};
constexpr std::uint32_t tone_hertz = 440;

class ToneInput : public InputSource {
 public:
  explicit ToneInput(std::uint64_t frames) : tone_(tone_hertz, frames) {}
  std::size_t read(std::span<std::int32_t> frames) override { return tone_.read(frames); }

 private:
  streamer::ToneSource tone_;
};

[[noreturn]] void failToOpen(const std::string& name) {
  throw Error(fmt::format("cannot open input '{}': {}", name, std::generic_category().message(errno)));
}

// Returns: whether it is a regular file, which can be read repeatedly.
bool isFile(const std::string& path, const std::string& name) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) failToOpen(name);
  if (S_ISDIR(status.st_mode)) throw Error(fmt::format("input '{}' is a folder; give an audio file", name));
  if (S_ISREG(status.st_mode) && status.st_size == 0) throw Error(fmt::format("input '{}' is empty", name));
  return S_ISREG(status.st_mode);
}

Track fileTrack(const std::string& path, const std::string& name, const std::optional<PcmFormat>& pcm) {
  return [=](const streamer::StopFlag& stop) { return SndfileReader::openFile(path, name, pcm, stop); };
}

// Opens at once, so that the writer sees a reader; never waits for a writer.
Track pipeTrack(const std::string& path, const std::string& name, const std::optional<PcmFormat>& pcm) {
  const int descriptor =
      path == standard_input ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) failToOpen(name);
  return [=](const streamer::StopFlag& stop) {
    return SndfileReader::openStream(std::make_unique<ByteStream>(descriptor, stop), name, pcm);
  };
}

// Returns: the length of a track in frames of the device, if known.
std::optional<std::uint64_t> framesOf(const Track& track) {
  const streamer::StopFlag stop;
  const auto reader = track(stop);
  const auto frames = reader->frames();
  if (!frames) return std::nullopt;
  const auto rate = static_cast<std::uint64_t>(reader->rate());
  return (*frames * streamer::sample_rate + rate - 1) / rate;
}

// Returns: a source that has sound or was given up.
std::unique_ptr<InputSource> opened(const std::string& name, const Track& track, bool loop,
                                    const std::function<bool()>& given_up) {
  auto source = std::make_unique<DecodingSource>(name, std::vector{track}, loop);
  source->awaitSound(given_up);
  return source;
}

}  // namespace

Input Input::sound(const std::string& path, const std::optional<PcmFormat>& pcm, bool loop,
                   const std::function<bool()>& given_up) {
  const std::string& name = path;
  const std::string where = path == "-" ? standard_input : path;
  const bool file = isFile(where, name);
  if (!file && loop)
    throw UsageError(fmt::format("--loop needs an input that can be read again; '{}' cannot", name));
  if (where == standard_input && ::isatty(STDIN_FILENO) != 0)
    throw UsageError("standard input is a terminal; --input - takes sound from a pipe or a file");
  Input input(path == "-" ? "standard input" : path, file ? Kind::repeatable : Kind::pipe);
  const Track track = file ? fileTrack(where, name, pcm) : pipeTrack(where, name, pcm);
  if (file && !loop) input.frames_ = framesOf(track);
  input.open_ = [=] { return std::make_unique<DecodingSource>(name, std::vector{track}, loop); };
  input.first_ = opened(name, track, loop, given_up);
  return input;
}

Input Input::device(const std::string& name, const std::optional<PcmFormat>& pcm,
                    const std::function<bool()>& given_up) {
  Input input("ALSA device " + name, Kind::device);
  const Track track = [=](const streamer::StopFlag& stop) {
    return std::make_unique<AlsaReader>(name, pcm, stop);
  };
  input.first_ = opened(name, track, false, given_up);
  return input;
}

Input Input::speech(bool loop) {
  std::vector<Track> tracks;
  std::uint64_t frames = 0;
  for (const char* file : speech_files) {
    const std::string path = std::filesystem::path(speech_folder) / file;
    if (!std::filesystem::exists(path)) continue;
    tracks.push_back(fileTrack(path, path, {}));
    frames += framesOf(tracks.back()).value_or(0);
  }
  if (tracks.empty()) {
    throw Error(fmt::format("no recording in {}; install alsa-utils, or give --input FILE or --tone SECONDS",
                            speech_folder));
  }
  Input input("the speech of alsa-utils", Kind::repeatable);
  if (!loop) input.frames_ = frames;
  input.open_ = [name = input.name_, tracks, loop] {
    return std::make_unique<DecodingSource>(name, tracks, loop);
  };
  return input;
}

Input Input::tone(std::optional<double> seconds) {
  Input input(fmt::format("a tone of {} Hz", tone_hertz), Kind::repeatable);
  if (seconds) input.frames_ = static_cast<std::uint64_t>(*seconds * streamer::sample_rate);
  input.open_ = [frames = input.frames_.value_or(UINT64_MAX)] { return std::make_unique<ToneInput>(frames); };
  return input;
}

std::optional<double> Input::seconds() const {
  if (!frames_) return std::nullopt;
  return static_cast<double>(*frames_) / streamer::sample_rate;
}

std::unique_ptr<InputSource> Input::open() { return first_ != nullptr ? std::move(first_) : open_(); }

}  // namespace millpond::cli
