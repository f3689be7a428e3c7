// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <span>
#include <vector>

#include "cli/receiver/HostPort.h"
#include "tests/streamer/support/Listener.h"

namespace millpond::test {

/// A plain socket on a free port of loopback, for when a test plays the receiver.
class Server {
 public:
  Server() = default;
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() { hangUp(); }

  cli::HostPort address() const { return listener_.address(); }

  /// Effect: waits for the next connection, in place of the one there was.
  void accept() {
    hangUp();
    connection_ = listener_.accept();
  }
  /// Returns: whether all of `bytes` came before the peer closed.
  bool read(std::span<std::byte> bytes) const {
    return ::recv(connection_, bytes.data(), bytes.size(), MSG_WAITALL) == static_cast<ssize_t>(bytes.size());
  }
  /// Returns: what comes until the peer closes.
  std::vector<std::byte> readToEnd() const {
    std::vector<std::byte> all;
    std::vector<std::byte> some(4096);
    for (ssize_t count = 1; count > 0;) {
      count = ::recv(connection_, some.data(), some.size(), 0);
      if (count > 0) all.insert(all.end(), some.begin(), some.begin() + count);
    }
    return all;
  }
  void write(std::span<const std::byte> bytes) const {
    if (::send(connection_, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) return;
  }
  /// The connection's socket.
  int socket() const { return connection_; }
  void hangUp() {
    if (connection_ >= 0) ::close(connection_);
    connection_ = -1;
  }

 private:
  Listener listener_;
  int connection_ = -1;
};

}  // namespace millpond::test
