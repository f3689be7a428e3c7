// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cli/receiver/HostPort.h"

namespace millpond::test {

/// A plain socket on a free port of loopback, for when a test plays the receiver.
class Server {
 public:
  Server() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), length);
    ::listen(listener_, 4);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    hangUp();
    ::close(listener_);
  }

  cli::HostPort address() const { return {"127.0.0.1", port_}; }

  /// Effect: waits for the next connection, in place of the one there was.
  void accept() {
    hangUp();
    connection_ = ::accept(listener_, nullptr, nullptr);
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
  void hangUp() {
    if (connection_ >= 0) ::close(connection_);
    connection_ = -1;
  }

 private:
  int listener_;
  int connection_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace millpond::test
