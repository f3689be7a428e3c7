// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <sys/socket.h>

#include <vector>

namespace millpond::streamer {

/// An address and port as the sockets want it.
struct Endpoint {
  sockaddr_storage address{};
  socklen_t length = 0;
};

/// Where a receiver may be: a name can have several addresses, and not every one answers.
struct Endpoints {
  std::vector<Endpoint> list;
  /// Why there is none, as getaddrinfo says it.
  int error = 0;

  /// Returns: all addresses of `host` at `port`, a number as text. Allocates, and may take half a minute
  /// where the name is asked from servers that do not answer. Context: task.
  static Endpoints resolve(const char* host, const char* port);
};

}  // namespace millpond::streamer
