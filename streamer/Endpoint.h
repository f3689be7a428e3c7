// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <sys/socket.h>

#include <optional>

namespace millpond::streamer {

/// Where a receiver is, as the sockets want it.
struct Endpoint {
  sockaddr_storage address{};
  socklen_t length = 0;

  /// Returns: the first address of `host` at `port`, a number as text; empty where the name has none. The
  /// system's resolver allocates, so this is done before the streaming starts. Context: task.
  static std::optional<Endpoint> resolve(const char* host, const char* port);
};

}  // namespace millpond::streamer
