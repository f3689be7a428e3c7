// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cli/audio/InputSource.h"
#include "cli/audio/PcmFormat.h"

namespace millpond::cli {

/// What is to be streamed.
class Input {
 public:
  /// A file can be opened again, and is read at our pace. A pipe or a device gives its sound only once.
  enum class Kind : std::uint8_t { repeatable, pipe, device };

  /// A file or a pipe; "-" is standard input. `pcm` is given if it has no header. All throw `Error` if there
  /// is nothing to stream. They poll `given_up` while they wait.
  static Input sound(const std::string& path, const std::optional<PcmFormat>& pcm, bool loop,
                     const std::function<bool()>& given_up);
  /// An ALSA capture device.
  static Input device(const std::string& name, const std::optional<PcmFormat>& pcm,
                      const std::function<bool()>& given_up);
  /// The speech that alsa-utils installs, one recording after the other.
  static Input speech(bool loop);
  /// Endless without `seconds`.
  static Input tone(std::optional<double> seconds);

  const std::string& name() const { return name_; }
  Kind kind() const { return kind_; }
  /// The length; empty if it is endless or unknown.
  std::optional<std::uint64_t> frames() const { return frames_; }
  std::optional<double> seconds() const;

  /// Requires: an input that is not repeatable is opened only once.
  std::unique_ptr<InputSource> open();

 private:
  Input(std::string name, Kind kind) : name_(std::move(name)), kind_(kind) {}

  std::string name_;
  Kind kind_;
  std::optional<std::uint64_t> frames_;
  std::unique_ptr<InputSource> first_;  // opened to verify that it has sound
  std::function<std::unique_ptr<InputSource>()> open_;
};

}  // namespace millpond::cli
