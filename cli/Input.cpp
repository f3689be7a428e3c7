// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/Input.h"

#include <fmt/format.h>

#include <filesystem>

#include "cli/AudioDecoder.h"
#include "cli/Error.h"
#include "streamer/AudioFormat.h"
#include "streamer/ToneSource.h"

namespace millpond::cli {

namespace {

constexpr const char* speech_folder = "/usr/share/sounds/alsa";
constexpr const char* speech_files[] = {"Front_Center.wav", "Front_Left.wav", "Front_Right.wav",
                                        "Rear_Center.wav",  "Rear_Left.wav",  "Rear_Right.wav",
                                        "Side_Left.wav",    "Side_Right.wav"};
constexpr std::uint32_t tone_hertz = 440;

}  // namespace

Input Input::file(const std::string& path) {
  DecodedAudio audio = decodeAudio(path);
  Input input;
  input.name_ = path;
  input.warning_ = std::move(audio.warning);
  input.frames_ = audio.frames.size();
  input.recording_ = std::make_shared<const std::vector<std::int32_t>>(std::move(audio.frames));
  return input;
}

Input Input::speech() {
  std::vector<std::int32_t> frames;
  for (const char* name : speech_files) {
    const std::filesystem::path path = std::filesystem::path(speech_folder) / name;
    if (!std::filesystem::exists(path)) continue;
    const DecodedAudio audio = decodeAudio(path.string());
    frames.insert(frames.end(), audio.frames.begin(), audio.frames.end());
  }
  if (frames.empty()) {
    throw Error(fmt::format("no recording in {}; install alsa-utils, or give --input FILE or --tone SECONDS",
                            speech_folder));
  }
  Input input;
  input.name_ = "the speech of alsa-utils";
  input.frames_ = frames.size();
  input.recording_ = std::make_shared<const std::vector<std::int32_t>>(std::move(frames));
  return input;
}

Input Input::tone(double seconds) {
  Input input;
  input.name_ = fmt::format("a tone of {} Hz", tone_hertz);
  input.frames_ = static_cast<std::uint64_t>(seconds * streamer::sample_rate);
  return input;
}

double Input::seconds() const { return static_cast<double>(frames_) / streamer::sample_rate; }

std::unique_ptr<streamer::AudioSource> Input::open() const {
  if (recording_ != nullptr) return std::make_unique<FileSource>(recording_);
  return std::make_unique<streamer::ToneSource>(tone_hertz, frames_);
}

}  // namespace millpond::cli
