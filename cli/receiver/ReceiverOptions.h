// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>

#include "cli/receiver/HostPort.h"
#include "cli/receiver/Recording.h"
#include "streamer/uplink/Uplink.h"

namespace millpond::cli {

struct ReceiverOptions {
  /// Port 0 takes any that is free.
  HostPort listen{"127.0.0.1", 0};
  std::filesystem::path folder = "recordings";
  streamer::Wire wire = streamer::Wire::framed;
  /// Whether a stream that has ended becomes FLAC.
  bool flac = false;
  /// Whether to stop once a stream has ended.
  bool once = false;
  /// Whether samples are acknowledged only when the disk has them, and not as soon as the system has.
  bool durable = false;
  /// Whether to log when a stream begins, has a gap, and ends, beside what goes wrong.
  bool narrate = false;
  /// Connections at once; each holds one frame of 20480 bytes.
  std::size_t max_connections = 64;
  /// A connection that gives no whole chunk for so long is closed.
  std::chrono::milliseconds idle_timeout{60000};
  /// Streams remembered for the report; the longest unused goes first.
  std::size_t max_streams = 1024;
  Recording::Limits limits{};
};

}  // namespace millpond::cli
