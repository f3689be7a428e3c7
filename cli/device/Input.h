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
  /// What comes again each time it is opened, at our pace; what a writer or a device gives once.
  enum class Kind : std::uint8_t { repeatable, pipe, device };

  /// A file, or what comes through a pipe: "-" is standard input. `pcm` is given where it has no header.
  /// Throw `Error` where there is nothing to be streamed; `given_up` is asked meanwhile.
  static Input sound(const std::string& path, const std::optional<PcmFormat>& pcm, bool loop,
                     const std::function<bool()>& given_up);
  /// A capture device of ALSA's.
  static Input device(const std::string& name, const std::optional<PcmFormat>& pcm,
                      const std::function<bool()>& given_up);
  /// The speech that alsa-utils installs, one recording after the other.
  static Input speech(bool loop);
  /// Without `seconds`, endless.
  static Input tone(std::optional<double> seconds);

  const std::string& name() const { return name_; }
  Kind kind() const { return kind_; }
  /// How long it is; empty where it is endless or nobody knows.
  std::optional<std::uint64_t> frames() const { return frames_; }
  std::optional<double> seconds() const;

  /// Requires: what is not repeatable is opened once.
  std::unique_ptr<InputSource> open();

 private:
  Input(std::string name, Kind kind) : name_(std::move(name)), kind_(kind) {}

  std::string name_;
  Kind kind_;
  std::optional<std::uint64_t> frames_;
  std::unique_ptr<InputSource> first_;  // opened, so that it is known to have sound
  std::function<std::unique_ptr<InputSource>()> open_;
};

}  // namespace millpond::cli
