// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>

#include "cli/receiver/HostPort.h"
#include "cli/receiver/Recording.h"
#include "cli/receiver/Retention.h"
#include "cli/tls/Credentials.h"
#include "streamer/uplink/Uplink.h"

namespace millpond::cli {

struct ReceiverOptions {
  /// Port 0 takes any free port.
  HostPort listen{"127.0.0.1", 0};
  std::filesystem::path folder = "recordings";
  streamer::Wire wire = streamer::Wire::framed;
  /// With credentials every connection is over TLS.
  std::optional<ReceiverCredentials> tls{};
  /// Whether to encode a stream as FLAC once it has ended.
  bool flac = false;
  /// Whether to stop once a stream has ended.
  bool once = false;
  /// Whether to acknowledge samples only once they are on disk, not as soon as the system has accepted them.
  bool durable = false;
  /// Whether to log the start, gaps and end of streams besides errors.
  bool narrate = false;
  /// Maximum number of connections; each holds one frame of 20480 bytes.
  std::size_t max_connections = 64;
  /// A connection that brings no whole chunk for this long is closed.
  std::chrono::milliseconds idle_timeout{60000};
  /// A connection whose TLS handshake takes longer is closed.
  std::chrono::milliseconds handshake_timeout{10000};
  /// Number of streams remembered for the report. The least recently used is forgotten first.
  std::size_t max_streams = 1024;
  Recording::Limits limits{};
  /// Which recordings to keep; all by default.
  KeepLimits keep{};
};

}  // namespace millpond::cli
