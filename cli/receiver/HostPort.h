// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <string>

#include "streamer/uplink/Endpoint.h"

namespace millpond::cli {

/// A host and a TCP port as a user writes them: "10.0.0.7:9000", "sensor.local:9000", "[::1]:9000".
struct HostPort {
  std::string host;
  std::uint16_t port = 0;

  /// Throws `Error` if `text` is not one.
  static HostPort parse(const std::string& text);
  std::string text() const;
  /// Returns: the present addresses of the host, or the reason why there are none, which may be a lack of
  /// memory.
  streamer::Endpoints resolve() const noexcept;
};

}  // namespace millpond::cli
