// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <cstddef>
#include <span>

#include "streamer/backlog/StopFlag.h"
#include "streamer/uplink/Endpoint.h"

namespace millpond::streamer {

/// One TCP connection at a time, on plain BSD sockets as in Linux and lwIP.
///
/// Every call ends within its time-out, and soon after the stop flag is raised. None allocates or raises a
/// signal. A call that fails sets `error` and closes the link.
class TcpLink {
 public:
  using Milliseconds = std::chrono::milliseconds;

  explicit TcpLink(const StopFlag& stop) : stop_(stop) {}
  TcpLink(const TcpLink&) = delete;
  TcpLink& operator=(const TcpLink&) = delete;
  ~TcpLink() { close(); }

  bool connected() const { return socket_ >= 0; }
  /// The `errno` of the last failure; 0 if the peer closed the connection.
  int error() const { return error_; }

  /// Effect: connects to `endpoint`. Returns: whether it connected in time. Requires: not connected.
  bool connect(const Endpoint& endpoint, Milliseconds timeout);
  /// Effect: hands `bytes` to TCP. Returns: how many bytes TCP accepted in time; if not all, the link is
  /// closed.
  std::size_t send(std::span<const std::byte> bytes, Milliseconds timeout);
  /// Effect: waits until `bytes` is full. Returns: whether it was filled in time.
  bool receive(std::span<std::byte> bytes, Milliseconds timeout);
  /// Effect: tells the peer that nothing more comes, waits until the peer closes too, and closes.
  void finish(Milliseconds timeout);
  void close();

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  bool waitFor(short events, Deadline deadline);
  bool fail(int error);

  const StopFlag& stop_;
  int socket_ = -1;
  int error_ = 0;
};

}  // namespace millpond::streamer
