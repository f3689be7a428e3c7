// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/commands/DeviceOptions.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <optional>
#include <string_view>

#include "cli/commands/Interrupt.h"
#include "cli/commands/OptionValues.h"
#include "cli/receiver/StreamId.h"
#include "cli/show/Error.h"

namespace millpond::cli {

namespace {

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
}

constexpr const char* endless_tone = "endless";

CLI::Validator toneLength() {
  const CLI::Validator number = numberFrom(0.001, 14400);
  return {[number](std::string& text) {
            if (text == endless_tone) return std::string();
            const std::string refusal = number(text);
            return refusal.empty() ? refusal : refusal + ", or endless";
          },
          number.get_description() + ", or endless"};
}

CLI::Validator speedText() {
  return {[](const std::string& text) {
            try {
              Pace::parse(text);
            } catch (const Error& error) {
              return std::string(error.what());
            }
            return std::string();
          },
          {}};
}

}  // namespace

void addWireOption(CLI::App& command, std::string& wire) {
  command
      .add_option("--wire", wire, "framed: chunks with headers that are acknowledged; raw: nothing but PCM")
      ->check(CLI::IsMember({"framed", "raw"}))
      ->capture_default_str();
}

streamer::Wire wireOf(const std::string& wire) {
  return wire == "raw" ? streamer::Wire::raw : streamer::Wire::framed;
}

void DeviceOptions::addTo(CLI::App& command) {
  addInputOptions(command);
  command
      .add_option("--speed", speed,
                  "Multiple of real time, from 0.001 to 1000; drops the oldest when there is no room, as a "
                  "microphone "
                  "must. Or max: as fast as the receiver takes it")
      ->transform(speedText());
  command.add_flag("--wait", wait, "When there is no room, wait instead of dropping; max always does");
  addWireOption(command, wire);
  command.add_option("--backoff-ms", backoff_ms, "Wait before the first reconnect; doubles from there")
      ->transform(wholeNumberFrom(1, 3600000))
      ->capture_default_str();
  command.add_option("--backoff-max-ms", backoff_max_ms, "Longest wait before a reconnect")
      ->transform(wholeNumberFrom(1, 3600000))
      ->capture_default_str();
  command
      .add_option("--reply-timeout", reply_timeout,
                  "Seconds to wait for the answer to a chunk before a reconnect")
      ->transform(numberFrom(0.01, 3600))
      ->capture_default_str();
  command
      .add_option("--linger", linger,
                  "Seconds without a delivery before the device gives up, once the input has ended or waits "
                  "for room; until then it never gives up")
      ->transform(numberFrom(0, 86400))
      ->capture_default_str();
  command.add_option("--trace", trace, "New folder for a trace of the device's memory: see millpond trace")
      ->transform(someText());
}

void DeviceOptions::addInputOptions(CLI::App& command) {
  auto* sound =
      command
          .add_option("--input", input,
                      "What to stream, of any rate and channel count: a recording (WAV, FLAC, Ogg, ...), "
                      "- for standard input, or alsa:DEVICE; default: the speech that alsa-utils installs")
          ->transform(someText());
  auto* format = command
                     .add_option("--input-format", input_format,
                                 "Encoding of the samples, for an input without a header")
                     ->check(CLI::IsMember(PcmFormat::encodings()))
                     ->needs(sound);
  command.add_option("--rate", pcm.rate, "With --input-format: samples per second")
      ->transform(wholeNumberFrom(63, 4096000))
      ->needs(format)
      ->capture_default_str();
  command.add_option("--channels", pcm.channels, "With --input-format: channels")
      ->transform(wholeNumberFrom(1, 1024))
      ->needs(format)
      ->capture_default_str();
  command.add_option("--tone", tone, "Stream a tone instead: its length in seconds, or endless")
      ->transform(toneLength())
      ->excludes(sound);
  command.add_flag("--loop", loop, "Start over when the input ends, until interrupted");
}

Input DeviceOptions::openInput() const {
  constexpr std::string_view alsa = "alsa:";
  if (!tone.empty()) {
    const bool endless = loop || tone == endless_tone;
    return Input::tone(endless ? std::nullopt : std::optional(std::stod(tone)));
  }
  if (input.empty()) return Input::speech(loop);
  std::optional<PcmFormat> format;
  if (!input_format.empty()) format = PcmFormat{input_format, pcm.rate, pcm.channels};
  if (!input.starts_with(alsa)) return Input::sound(input, format, loop, &interrupted);
  if (loop) throw UsageError("--loop needs an input that can be read again; an ALSA device cannot");
  if (input.size() == alsa.size()) throw UsageError("--input alsa: needs a device, such as alsa:default");
  return Input::device(input.substr(alsa.size()), format, &interrupted);
}

Pace DeviceOptions::pace(const Input& opened, const Pace& usual) const {
  Pace pace = speed.empty() ? usual : Pace::parse(speed);
  if (wait) pace.when_full = streamer::Backlog::WhenFull::wait;
  if (opened.kind() == Input::Kind::pipe && pace.speed == 1) pace.speed = Pace::live;
  if (opened.kind() == Input::Kind::device) {
    if (!speed.empty() && pace.speed != 0 && pace.speed != 1) {
      throw UsageError("an ALSA device has a pace of its own: --speed may be 1 or max");
    }
    pace.speed = 0;
  }
  return pace;
}

streamer::Uplink::Config DeviceOptions::uplink() const {
  return {
      .wire = wireOf(wire),
      .stream_id = drawStreamId(),
      .backoff = {.initial_ms = backoff_ms, .max_ms = backoff_max_ms},
      .reply_timeout = milliseconds(reply_timeout),
      .linger = milliseconds(linger),
  };
}

}  // namespace millpond::cli
