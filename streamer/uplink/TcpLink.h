// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "streamer/backlog/Deadline.h"
#include "streamer/backlog/StopFlag.h"
#include "streamer/uplink/Link.h"

namespace millpond::streamer {

/// TCP on plain BSD sockets as in Linux and lwIP.
class TcpLink : public Link {
 public:
  explicit TcpLink(const StopFlag& stop) : stop_(stop) {}
  TcpLink(const TcpLink&) = delete;
  TcpLink& operator=(const TcpLink&) = delete;
  ~TcpLink() override { TcpLink::close(); }

  bool connected() const override { return socket_ >= 0; }
  int error() const override { return error_; }
  bool connect(const Endpoint& endpoint, Milliseconds timeout) override;
  std::size_t send(std::span<const std::byte> bytes, Milliseconds timeout) override;
  bool receive(std::span<std::byte> bytes, Milliseconds timeout) override;
  void finish(Milliseconds timeout) override;
  void close() override;

 private:
  enum class Wanted : std::uint8_t { readable, writable };
  bool waitUntil(Wanted wanted, const Deadline& deadline);
  bool fail(int error);

  const StopFlag& stop_;
  int socket_ = -1;
  int error_ = 0;
};

}  // namespace millpond::streamer
