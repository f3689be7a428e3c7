// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <cstddef>
#include <span>

#include "streamer/uplink/Endpoint.h"
#include "streamer/uplink/Outage.h"

namespace millpond::streamer {

/// One connection at a time to a receiver: TCP (`TcpLink`), or TLS on it (`TlsLink`).
///
/// Every call ends within its time-out, and soon after the device is told to stop. None allocates from the
/// heap or raises a signal. A call that fails closes the link. Context: the network task.
class Link {
 public:
  using Milliseconds = std::chrono::milliseconds;

  Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  virtual ~Link() = default;

  virtual bool connected() const = 0;
  /// The `errno` of the last failure; 0 if the peer closed the connection.
  virtual int error() const = 0;
  /// Why the last `connect` failed although the peer was reached; no cause if it succeeded, or never got
  /// there.
  virtual Outage refusal() const { return {}; }

  /// Effect: connects to `endpoint`. Returns: whether it connected in time. Requires: not connected.
  virtual bool connect(const Endpoint& endpoint, Milliseconds timeout) = 0;
  /// Effect: hands `bytes` to the system. Returns: how many bytes it took in time; if not all, the link is
  /// closed.
  virtual std::size_t send(std::span<const std::byte> bytes, Milliseconds timeout) = 0;
  /// Effect: waits until `bytes` is full. Returns: whether it was filled in time.
  virtual bool receive(std::span<std::byte> bytes, Milliseconds timeout) = 0;
  /// Effect: tells the peer that nothing more comes, waits until the peer closes too, and closes.
  virtual void finish(Milliseconds timeout) = 0;
  virtual void close() = 0;
};

}  // namespace millpond::streamer
