// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>

namespace millpond::streamer {

/// An address and port as the sockets want it.
struct Endpoint {
  sockaddr_storage address{};
  socklen_t length = 0;
};

/// Where a receiver may be: a name can have several addresses, and not every one answers.
struct Endpoints {
  static constexpr std::size_t most = 4;

  std::array<Endpoint, most> list{};
  std::size_t count = 0;

  /// Returns: the first addresses of `host` at `port`, a number as text; none where the name has none. The
  /// system's resolver allocates, so this is done before the streaming starts. Context: task.
  static Endpoints resolve(const char* host, const char* port);
};

}  // namespace millpond::streamer
