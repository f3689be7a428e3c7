// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <sys/socket.h>

#include <vector>

namespace millpond::streamer {

/// A socket address and its length.
struct Endpoint {
  sockaddr_storage address{};
  socklen_t length = 0;
};

/// Where a receiver may be. A name can have several addresses, and some may not answer.
struct Endpoints {
  std::vector<Endpoint> list;
  /// If `list` is empty: why, as a code of getaddrinfo.
  int error = 0;

  /// Returns: all addresses of `host` at `port`, a decimal number. Allocates, and may take half a minute if
  /// the name servers do not answer. Context: task.
  static Endpoints resolve(const char* host, const char* port);
};

}  // namespace millpond::streamer
