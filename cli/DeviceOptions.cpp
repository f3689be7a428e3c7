// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/DeviceOptions.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>

#include "cli/DeviceRun.h"
#include "cli/Error.h"
#include "cli/OptionValues.h"

namespace millpond::cli {

namespace {

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
}

CLI::Validator speedText() {
  return CLI::Validator(
      [](const std::string& text) {
        try {
          Pace::parse(text);
        } catch (const Error& error) {
          return std::string(error.what());
        }
        return std::string();
      },
      {});
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
  auto* file = command
                   .add_option("--input", input,
                               "Recording to stream, of any rate and channel count (WAV, FLAC, Ogg, ...); "
                               "default: the speech that alsa-utils installs")
                   ->transform(someText());
  command.add_option("--tone", tone, "Stream a tone of so many seconds instead")
      ->transform(numberFrom(0.001, 14400))
      ->excludes(file);
  command
      .add_option(
          "--speed", speed,
          "Times real time, from 0.001 to 1000, dropping the oldest when there is no room as a microphone "
          "must; or max: as fast as the receiver takes it")
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
      .add_option("--reply-timeout", reply_timeout, "Seconds a chunk may go unanswered before a reconnect")
      ->transform(numberFrom(0.01, 3600))
      ->capture_default_str();
  command
      .add_option("--linger", linger,
                  "Seconds to go on trying while nothing is delivered and the input has ended or waits")
      ->transform(numberFrom(0, 86400))
      ->capture_default_str();
}

Input DeviceOptions::openInput() const {
  Input opened = tone > 0 ? Input::tone(tone) : input.empty() ? Input::speech() : Input::file(input);
  if (!opened.warning().empty()) fmt::print(stderr, "millpond: {}\n", opened.warning());
  return opened;
}

Pace DeviceOptions::pace(const Pace& usual) const {
  Pace pace = speed.empty() ? usual : Pace::parse(speed);
  if (wait) pace.when_full = streamer::Backlog::WhenFull::wait;
  return pace;
}

streamer::Uplink::Config DeviceOptions::uplink() const {
  return {
      .receiver = {},
      .wire = wireOf(wire),
      .stream_id = drawStreamId(),
      .backoff = {.initial_ms = backoff_ms, .max_ms = backoff_max_ms},
      .reply_timeout = milliseconds(reply_timeout),
      .linger = milliseconds(linger),
  };
}

}  // namespace millpond::cli
