// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <string>

#include "cli/device/Input.h"
#include "cli/device/Pace.h"
#include "streamer/uplink/Uplink.h"

namespace millpond::cli {

/// The options of a command that simulates the device.
struct DeviceOptions {
  std::string input;
  std::string input_format;
  PcmFormat pcm;
  std::string tone;
  bool loop = false;
  std::string speed;
  bool wait = false;
  std::string wire = "framed";
  std::uint32_t backoff_ms = 5000;
  std::uint32_t backoff_max_ms = 60000;
  double reply_timeout = 10;
  double linger = 60;
  std::string trace;

  void addTo(CLI::App& command);

  /// Effect: opens the input, and waits for its first sound or an interrupt. Throws `Error`.
  Input openInput() const;
  /// Returns: the pace that --speed and --wait ask for; `usual` without --speed. Throws `Error`.
  Pace pace(const Input& input, const Pace& usual) const;
  /// Returns: the configuration of an uplink with a new stream id, but without a receiver.
  streamer::Uplink::Config uplink() const;

 private:
  void addInputOptions(CLI::App& command);
};

/// Effect: adds --wire to `command`.
void addWireOption(CLI::App& command, std::string& wire);
streamer::Wire wireOf(const std::string& wire);

}  // namespace millpond::cli
